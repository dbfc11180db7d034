import { resolve } from 'node:path';
import type { Flags } from '#cli';

/** Flags for work on a profile that has been built: PROFILE names it (default minimal), CONFIG an overlay folder. */
export function builtProfileFlags(): Flags {
  return {
    profile: process.env['PROFILE'] ?? 'minimal',
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
