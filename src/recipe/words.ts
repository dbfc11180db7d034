/** `--disable-X` for each X. */
export const disable = (...names: readonly string[]): string[] => names.map((name) => `--disable-${name}`);

/** `--enable-X` for each X. */
export const enable = (...names: readonly string[]): string[] => names.map((name) => `--enable-${name}`);

/** `--without-X` for each X. */
export const without = (...names: readonly string[]): string[] => names.map((name) => `--without-${name}`);
