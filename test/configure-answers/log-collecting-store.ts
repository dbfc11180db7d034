import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactDigest } from '#manifest';
import type { Store } from '#store';
import { takingNothingIn } from '../taking-nothing-in.ts';
import { readConfigLog } from './read-config-log.ts';
import type { Findings } from './shared-answers.ts';

/** Collects every config.log of the source into $OUT: the last phase of a build that only configures. */
export const COLLECT_LOGS = 'find "$WORK" -name config.log -exec cp --parents -t "$OUT" {} +';

/** A store that takes nothing in: what is committed are logs of configure, which are read and forgotten. */
export function logCollectingStore(store: Store, onFindings: (findings: Findings) => void): Store {
  return takingNothingIn(store, async (tree, manifest, facts) => {
    for (const path of await readdir(tree, { recursive: true })) {
      if (!path.endsWith('config.log')) continue;
      // What compilers say may be in any character set.
      const answers = readConfigLog(await readFile(join(tree, path), 'latin1'));
      onFindings({ package: facts.build.split('/')[1] ?? facts.build, answers });
    }
    return { ...facts, artifact: artifactDigest(manifest) };
  });
}
