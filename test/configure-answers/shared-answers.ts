/** One configure run: which package, and what it found out. */
export type Findings = { readonly package: string; readonly answers: ReadonlyMap<string, string> };

/** A question about the C library, the compiler or the kernel, and an answer that every package gave that asked. */
export type SharedAnswer = { readonly name: string; readonly answer: string; readonly askedBy: number };

/** Questions by the form of their names. Not among them: programs, paths, libraries, and what flags decide. */
const SHARED = [
  /^ac_cv_(func|header|have_decl|have|type|sizeof|alignof|member|struct)_/,
  /^ac_cv_(c_bigendian|c_const|c_inline|c_volatile|c_restrict|sys_file_offset_bits|sys_largefile_CC)$/,
  /^ac_cv_(sys_largefile_opts|sys_largefile_source|sys_year2038_opts|working_alloca_h)$/,
  /^gl_cv_(func|header|next|onwards_func|have|sys|type|struct|decl|macro|minmax|const|test|time|var)_/,
  /^gl_cv_(size_max|ssize_t|off64_t|malloc_ptrdiff|double_slash_root|socket_ipv[46]|sig_pselect)$/,
  /^gt_cv_(func|int|type|siz)/,
  /^am_cv_(func_(iconv|iconv_works|working_getline)|langinfo_codeset)$/,
];

/**
 * What the recipe of the site file proves. Of all else two packages must have asked: one may have had a library, a
 * header or a macro of its own at hand.
 */
const PLAIN = /^(ac_cv_(func|header|sizeof)|gl_cv_(func|header|next|onwards_func))_/;

const NOT_SHARED = [
  // Fortified, printf refuses what it otherwise does: the flags decide.
  /printf/,
  // configure looks at the package's own files, or at what else was found.
  /^gl_cv_(type|have)_.*_in_/,
  /^gl_cv_next_(ncurses|curses|term)/,
  /^ac_cv_func_.*_(in|with)_/,
  /iconv/,
  // The sandbox decides, not the library.
  /mknod|mkfifo/,
  // Libraries of packages.
  /^ac_cv_[a-z_]*(curses|tget|zlib|crypt|uuid|blkid|archive|lzma|magic_h|panel|term_h|termcap|tputs|tgoto|selinux|security|readpassphrase|keyctl|add_key)/,
];

/** A library that is not the C library may bring what was not there, one day: only what is there is for sure. */
const MAY_COME = /^ac_cv_(header|have|type|member)_/;

/**
 * The answers that a site file may give: about the C library, the compiler and the kernel's headers only, measured
 * (not guessed), and the same in every package that asked.
 */
export function sharedAnswers(all: readonly Findings[]): SharedAnswer[] {
  const found = new Map<string, Map<string, Set<string>>>();
  for (const { package: name, answers } of all) {
    for (const [question, answer] of answers) {
      const given = found.get(question) ?? new Map<string, Set<string>>();
      found.set(question, given.set(answer, (given.get(answer) ?? new Set()).add(name)));
    }
  }
  return [...found]
    .flatMap(([name, given]) => {
      const [only, ...others] = given;
      if (only === undefined || others.length > 0) return [];
      const [answer, packages] = only;
      return isShared(name, answer, packages.size) ? [{ name, answer, askedBy: packages.size }] : [];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Where packages found different answers to a question of the site file, or another one than it gives. */
export function contradictions(site: ReadonlyMap<string, string>, all: readonly Findings[]): string[] {
  return all.flatMap(({ package: name, answers }) =>
    [...answers].flatMap(([question, answer]) => {
      const given = site.get(question);
      return given === undefined || given === answer
        ? []
        : [`${question} is ${given} in the site file, and ${name} finds ${answer}`];
    }),
  );
}

function isShared(name: string, answer: string, askedBy: number): boolean {
  if (/guess|assume|runtime/.test(answer)) return false;
  if (askedBy < (PLAIN.test(name) && answer !== 'no' ? 1 : 2)) return false;
  if (answer === 'no' && MAY_COME.test(name) && !/^ac_cv_have_decl_/.test(name)) return false;
  return SHARED.some((form) => form.test(name)) && !NOT_SHARED.some((form) => form.test(name));
}
