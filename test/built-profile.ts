import { resolve } from 'node:path';
import type { Flags } from '#cli';

/** Flags for work on a profile that has been built: PROFILE names it (else minimal), CONFIG an overlay folder. */
export function builtProfileFlags(profile = process.env['PROFILE'] ?? 'minimal'): Flags {
  return {
    profile,
    config: process.env['CONFIG'] === undefined ? undefined : resolve(process.env['CONFIG']),
    jobs: 2,
    keepGoing: true,
    oneByOne: false,
    offline: true,
    check: false,
    rebuild: [],
    dryRun: false,
    yes: false,
    json: false,
    color: false,
    quiet: false,
    verbose: false,
  };
}
