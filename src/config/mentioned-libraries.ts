/** Words by which build files ask for a library, by the recipe that makes it. */
const LIBRARIES: Readonly<Record<string, RegExp>> = {
  e2fsprogs: /\bext2fs\b|\bcom_err\b/,
  elfutils: /\blibelf\b/,
  file: /\blibmagic\b|\bmagic_open\b|\bmagic\.h\b/,
  gmp: /\bgmp\.h\b|\blibgmp\b/,
  libarchive: /\blibarchive\b/,
  libxcrypt: /\bcrypt\.h\b|\blibcrypt\b/,
  ncurses: /\bn?cursesw?\b|\btinfow?\b/i,
  'util-linux': /\blibmount\b|\blibblkid\b|\bblkid\b|\buuid_generate\b/,
  xz: /\bliblzma\b|\blzma\.h\b/,
  zlib: /\bzlib\b/,
  zstd: /\blibzstd\b|\bzstd\.h\b/,
};

/** Recipes of libraries that the build files of a source mention. Whether it needs them only a person can tell. */
export function mentionedLibraries(
  texts: ReadonlyMap<string, string>,
  recipes: ReadonlySet<string>,
): readonly string[] {
  const build = [...texts].filter(([name]) => /makefile|^configure|^meson|^CMake/i.test(name));
  return Object.entries(LIBRARIES)
    .filter(([recipe, words]) => recipes.has(recipe) && build.some(([, text]) => words.test(text)))
    .map(([recipe]) => recipe);
}
