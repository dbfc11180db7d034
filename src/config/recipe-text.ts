import type { GuessedLicense } from './guess-license.ts';

/** What decides how a source is built: the names in its top folder, and what its build files say. */
export type BuildFacts = {
  readonly names: readonly string[];
  /** By the name of the file. */
  readonly texts: ReadonlyMap<string, string>;
};

/** How a source is built, as far as its files tell. */
export type Way = 'configure' | 'autoreconf' | 'meson' | 'make' | 'cmake' | 'unknown';

const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];

/** The way of a source: configure where it is made already, since that needs the least. */
export function chooseWay({ names }: Pick<BuildFacts, 'names'>): Way {
  const has = (name: string): boolean => names.includes(name);
  if (has('configure')) return 'configure';
  if (has('meson.build')) return 'meson';
  if (has('configure.ac') || has('configure.in')) return 'autoreconf';
  if (MAKEFILES.some(has)) return 'make';
  return has('CMakeLists.txt') ? 'cmake' : 'unknown';
}

/** Programs that a way takes and that are builds of their own. */
const TOOLS: Readonly<Record<Way, readonly string[]>> = {
  configure: [],
  autoreconf: ['autoconf', 'automake', 'libtool', 'pkgconf'],
  meson: ['meson', 'ninja', 'pkgconf'],
  make: [],
  cmake: ['cmake'],
  unknown: [],
};

/** What a way takes and no recipe makes. */
export function missingTools(way: Way, recipes: ReadonlySet<string>): readonly string[] {
  return TOOLS[way].filter((tool) => !recipes.has(tool));
}

/** The text of a recipe for a source that somebody looked into. */
export function recipeText(
  name: string,
  facts: BuildFacts & { readonly license: GuessedLicense },
  recipes: ReadonlySet<string>,
): string {
  const way = chooseWay(facts);
  const needs = [...TOOLS[way].filter((tool) => recipes.has(tool)), 'glibc'].toSorted();
  const { style, fields, words } = buildOf(way, facts);
  const needsField = `needs: [${needs.map((need) => `'${need}'`).join(', ')}]`;
  const build =
    fields.length === 0
      ? [`    final: ${style}({ ${needsField} }),`]
      : [`    final: ${style}({`, ...[`${needsField},`, ...fields].map((line) => `      ${line}`), '    }),'];
  const { license, doubt } = facts.license;
  return [
    `import { ${words.toSorted().join(', ')} } from 'blazeneuro/recipe';`,
    '',
    'export default defineRecipe({',
    `  name: '${name}',`,
    ...(doubt === undefined ? [] : [`  // ${inComment(doubt)} An SPDX expression belongs here.`]),
    `  license: '${license}',`,
    '  builds: {',
    ...missingTools(way, recipes).map((tool) => `    // It takes ${tool}, of which there is no recipe.`),
    '    // Not in LFS.',
    ...build,
    '  },',
    '});',
    '',
  ].join('\n');
}

/** Names of files come from whoever made the archive: none may end the comment, for what follows would be run. */
function inComment(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?');
}

type BuildText = {
  readonly style: string;
  /** Lines of the fields after `needs`. */
  readonly fields: readonly string[];
  /** What is imported. */
  readonly words: readonly string[];
};

function buildOf(way: Way, facts: BuildFacts): BuildText {
  const plain = (style: string): BuildText => ({ style, fields: [], words: ['defineRecipe', style] });
  const shell = (style: string, fields: readonly string[]): BuildText => ({
    style,
    fields,
    words: ['defineRecipe', style, 'sh'],
  });
  switch (way) {
    case 'configure':
      return plain('autotools');
    case 'meson':
      return plain('meson');
    case 'autoreconf':
      return shell('autotools', ['// Its archive has no configure.', 'prepare: sh`autoreconf -fi`,']);
    case 'make':
      return shell('script', makeFields(facts));
    case 'cmake':
      return shell('script', [
        'configure: sh`cmake -S . -B build -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_BUILD_TYPE=None`,',
        'build: sh`make -C build`,',
        'install: sh`make -C build DESTDIR=$OUT install`,',
      ]);
    case 'unknown':
      return shell('script', [
        '// Its top folder has neither configure nor meson.build, Makefile or CMakeLists.txt.',
        'build: sh`make`,',
        'install: sh`make PREFIX=/usr DESTDIR=$OUT install`,',
      ]);
  }
}

/** A Makefile that was written by hand: where it puts things, and whether it takes our flags, is its own affair. */
function makeFields({ names, texts }: BuildFacts): readonly string[] {
  const makefile = texts.get(MAKEFILES.find((name) => names.includes(name)) ?? '') ?? '';
  // An assignment in the file goes before the environment, but not before the command line (GNU make, "Overriding").
  const flags = /^\s*CFLAGS\s*:?=/m.test(makefile) ? ' CFLAGS="$CFLAGS" LDFLAGS="$LDFLAGS"' : '';
  const manuals = /^\s*MANDIR\s*[?:]?=/m.test(makefile);
  const honoursRoot = /\$[({]DESTDIR[)}]["']?(?:\$|\/(?:usr|etc|bin|sbin|lib)\b)/.test(makefile);
  const places = (root: string): string =>
    `PREFIX=${root}/usr prefix=${root}/usr${manuals ? ` MANDIR=${root}/usr/share/man` : ''}`;
  if (honoursRoot) {
    return [
      `build: sh\`make ${places('')}${flags}\`,`,
      `install: sh\`make ${places('')} DESTDIR=$OUT install\`,`,
    ];
  }
  return [
    `build: sh\`make ${places('')}${flags}\`,`,
    '// Its Makefile knows no DESTDIR that goes before the other places.',
    `install: sh\`make ${places('$OUT')} install\`,`,
  ];
}
