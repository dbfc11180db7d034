import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOfBytes, type HostPath } from '#base';

/** One build of the toy system: the recipe of that name, in stage `system`. */
type Toy = {
  readonly needs?: readonly string[];
  readonly sources?: string;
  readonly build?: string;
  readonly install: string;
};

/** What differs between two overlays of the same toys; all of them change keys. */
export type Changes = {
  /** Whether `mended` fails. */
  readonly isBroken?: boolean;
  /** A comment in `left`: another key, the same artifact. */
  readonly comment?: string;
  /** What `right` installs: another artifact, and another image. */
  readonly text?: string;
};

/** The goals of the toy system: all of its builds, and the image of them. */
export const PROFILE = 'toy';

/** Writes the overlay folder that holds the toys, over what was there before. */
export async function writeToys(overlay: HostPath, changes: Changes = {}): Promise<void> {
  await writeBelow(overlay, `profiles/${PROFILE}.ts`, profileText());
  await writeBelow(overlay, 'packages.list', await sourceLine(overlay));
  for (const [name, toy] of Object.entries(toys(changes))) {
    await writeBelow(overlay, `recipes/${name}/recipe.ts`, recipeText(name, toy));
  }
}

/** Eight builds: a chain, two that run side by side, a source, a deep tree, and two that come to the same artifact. */
function toys({ isBroken = false, comment = 'none', text = 'right' }: Changes): Record<string, Toy> {
  const install = (name: string) => `mkdir -p $OUT/usr/share; echo ${name} > $OUT/usr/share/${name}`;
  return {
    base: { install: install('base') },
    left: { needs: ['base'], build: `# ${comment}`, install: install('left') },
    right: { needs: ['base'], install: `mkdir -p $OUT/usr/share; echo ${text} > $OUT/usr/share/right` },
    twin: { needs: ['left'], install: install('left') },
    deep: {
      needs: ['base'],
      install: `
        mkdir -p $OUT/usr/lib/deep/er $OUT/var/empty
        echo one > $OUT/usr/lib/deep/one
        ln $OUT/usr/lib/deep/one $OUT/usr/lib/deep/er/two
        ln -s ../one $OUT/usr/lib/deep/er/three
        chmod 755 $OUT/usr/lib/deep/one
      `,
    },
    sourced: {
      sources: `{ '.': 'letter' }`,
      install: 'mkdir -p $OUT/usr/share; cp /build/source/letter $OUT/usr/share/letter',
    },
    mended: { needs: ['right'], build: isBroken ? 'false' : ':', install: install('mended') },
    toy: {
      needs: ['twin', 'deep', 'sourced', 'mended'],
      install:
        'mkdir -p $OUT/boot $OUT/usr/share; cat /mnt/lfs/usr/share/* > $OUT/usr/share/all; echo kernel > $OUT/boot/vmlinuz',
    },
  };
}

function profileText(): string {
  return `import { defineProfile } from 'blazeneuro/recipe';
    export default defineProfile({
      name: '${PROFILE}', description: 'A toy', packages: ['system/toy'], exclude: [],
      kernel: { build: 'system/toy', fragments: [], commandLine: [] }, initrd: null,
      hostname: 'toy', timezone: 'UTC', services: [],
      image: { espSizeBytes: 35651584, rootFreeBytes: 0, tools: 'host' },
    });`;
}

function recipeText(name: string, { needs = [], sources = '{}', build = ':', install }: Toy): string {
  return `import { defineRecipe, script, sh } from 'blazeneuro/recipe';
    export default defineRecipe({
      name: '${name}', license: 'MIT', sources: ${sources},
      builds: { system: script({
        sandbox: 'cross', base: 'none', needs: ${JSON.stringify(needs)},
        build: sh\`${build}\`,
        install: sh\`${install}\`,
      }) },
    });`;
}

/** Packs the one source of the toys beside the list that pins it. */
async function sourceLine(overlay: HostPath): Promise<string> {
  await writeBelow(overlay, 'letter', 'what an author wrote\n');
  const plain = ['--format=ustar', '--owner=0', '--group=0', '--mode=0644', '--mtime=@0'];
  execFileSync('tar', [...plain, '-C', overlay, '-cf', join(overlay, 'letter.tar'), 'letter']);
  const digest = digestOfBytes(await readFile(join(overlay, 'letter.tar')));
  return `letter 1 file:letter.tar sha256:${digest} -\n`;
}

async function writeBelow(folder: HostPath, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}
