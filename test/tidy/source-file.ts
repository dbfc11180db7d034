/** A file of the project, as the tidy test reads it. */
export type SourceFile = {
  /** From the top of the checkout: `src/store/index.ts`. */
  readonly path: string;
  readonly text: string;
};

/** Something that is not as it should be. */
export type Fault = { readonly path: string; readonly line: number; readonly message: string };

/** A fault at an offset of a file's text. */
export function faultAt(file: SourceFile, offset: number, message: string): Fault {
  return { path: file.path, line: file.text.slice(0, offset).split('\n').length, message };
}

/** A fault wherever a pattern is found in `text`, which has the same offsets as the file's own. */
export function faultsWhere(file: SourceFile, text: string, pattern: RegExp, message: string): Fault[] {
  return [...text.matchAll(pattern)].map((match) =>
    faultAt(file, match.index, `${message}: ${match[0].trim()}`),
  );
}

/** The folder of src/ that a file lies in; undefined for other files. */
export function folderOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/** Whether a file is a test, or only serves tests. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.endsWith('/testing.ts') || path.startsWith('test/');
}
