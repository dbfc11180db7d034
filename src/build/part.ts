import type { Sandbox } from '#sandbox';
import type { Workplace } from './workplace.ts';

/** One sandbox of a build, and the phases that run in it. */
export type Part = {
  readonly sandbox: Sandbox;
  readonly phases: readonly string[];
  /** The package's own tests. */
  readonly isVerdict?: true;
};

/** The folders of a workplace as a sandbox names them. */
export function foldersOf({ layers, work, out }: Workplace) {
  return { layersFolder: layers, workFolder: work, outFolder: out };
}
