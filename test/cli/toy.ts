import type { Rig } from '../rig.ts';

/** The profile of the overlays here; its builds are compiled by nothing and need nothing. */
export async function writeToyProfile(rig: Rig, more = ''): Promise<void> {
  await rig.write(
    'profiles/toy.ts',
    `import { defineProfile } from 'blazeneuro/recipe';
     export default defineProfile({
       name: 'toy', description: 'A toy', packages: ['system/toy'], exclude: [],
       kernel: { build: 'system/toy', fragments: [], commandLine: [] }, initrd: null,
       hostname: 'toy', timezone: 'UTC', services: [],
       image: { espSizeBytes: 35651584, rootFreeBytes: 0, tools: 'host' },
       ${more}
     });`,
  );
}

/** What a toy's recipe says; `build` is the shell text of its phase. */
export type Toy = {
  readonly needs?: readonly string[];
  readonly build?: string;
  readonly sources?: Readonly<Record<string, string>>;
  /** Text among the fields of the recipe. */
  readonly more?: string;
};

/** A recipe that installs its own name, after what its build phase does. */
export async function writeToy(rig: Rig, name: string, toy: Toy = {}): Promise<void> {
  await rig.write(
    `recipes/${name}/recipe.ts`,
    `import { defineRecipe, script, sh } from 'blazeneuro/recipe';
     export default defineRecipe({
       name: '${name}', license: 'MIT', sources: ${JSON.stringify(toy.sources ?? {})},
       ${toy.more ?? ''}
       builds: {
         system: script({
           sandbox: 'cross', base: 'none', needs: ${JSON.stringify(toy.needs ?? [])},
           build: sh\`${toy.build ?? ':'}\`,
           install: sh\`mkdir -p $OUT/usr/share; echo ${name} > $OUT/usr/share/${name}\`,
         }),
       },
     });`,
  );
}

/** The words that every run of the toys begins with. */
export function toyWords(rig: Rig): string[] {
  return ['--config', rig.overlay, '--profile', 'toy'];
}
