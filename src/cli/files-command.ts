import { ok } from '#base';
import type { Entry } from '#manifest';
import { findBuild, notBuilt } from './one-build.ts';
import type { Handler } from './run-command.ts';

/** `files BUILD`: what its artifact holds. */
export function filesCommand(name: string): Handler {
  return async (session) => {
    const one = await findBuild(session, name);
    if (!one.ok) return one;
    const artifact = one.value.state.record?.artifact;
    const manifest = artifact === undefined ? undefined : await session.store.manifest(artifact);
    if (manifest === undefined) return notBuilt(name);
    for (const entry of manifest.entries) {
      process.stdout.write(`${session.flags.json ? JSON.stringify(entry) : describe(entry)}\n`);
    }
    return ok(0);
  };
}

function describe(entry: Entry): string {
  switch (entry.type) {
    case 'symlink':
      return `link      ${entry.path} -> ${entry.target}`;
    case 'directory':
      return `${entry.mode} ${entry.uid}:${entry.gid} ${entry.path}/`;
    case 'file':
      return `${entry.mode} ${entry.uid}:${entry.gid} ${entry.path} (${entry.sizeBytes})`;
  }
}
