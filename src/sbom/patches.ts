import { isUtf8 } from 'node:buffer';
import type { ActionSource, PlannedBuild } from '#plan';
import { SANDBOX_PATHS } from '#recipe';

/** A change that was made to a source before it was built. */
export type AppliedPatch = {
  readonly name: string;
  readonly content: string;
  /** How the content is written down; as it is, where it is text. */
  readonly encoding?: 'base64';
};

/** The patches of one source of a build, in the order in which they are applied. */
export function patchesOf(planned: PlannedBuild, source: ActionSource): readonly AppliedPatch[] {
  return source.patches.map((path) => {
    const name = path.slice(`${SANDBOX_PATHS.work}/`.length);
    const digest = planned.action.files[name];
    const bytes = digest === undefined ? undefined : planned.contents.get(digest);
    if (bytes === undefined) throw new Error(`${planned.name} applies ${path}, which it does not have`);
    const buffer = Buffer.from(bytes);
    if (isUtf8(buffer)) return { name, content: buffer.toString('utf8') };
    return { name, content: buffer.toString('base64'), encoding: 'base64' };
  });
}
