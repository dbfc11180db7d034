import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package of C files with a configure script and a Makefile: what most of a system is made of, in small. */
export type CPackage = {
  readonly name: string;
  readonly needs: readonly string[];
  /** C files, which may be compiled side by side. */
  readonly files: number;
  /** What configure compiles, one after another. */
  readonly probes: number;
};

/** How large the packages are. */
export type Size = { readonly packages: number; readonly functions: number; readonly probes: number };

/** Sized so that two cores of 2020 are busy with it for half a minute. */
export const FULL: Size = { packages: 20, functions: 30, probes: 25 };
export const QUICK: Size = { packages: 4, functions: 4, probes: 2 };

/** A system needs one after another at first (compiler, C library), then little of each other. The same every time. */
export function cPackages({ packages, probes }: Size): CPackage[] {
  return Array.from({ length: packages }, (_, index) => {
    const needs = index < 4 ? [index - 1] : [3, Math.floor(index / 2)];
    return {
      name: nameOf(index),
      needs: [...new Set(needs)]
        .filter((need) => need >= 0)
        .map(nameOf)
        .sort(),
      files: 6 + ((index * 7) % 9),
      probes: probes + ((index * 5) % 7),
    };
  });
}

function nameOf(index: number): string {
  return `package-${String(index).padStart(2, '0')}`;
}

/** Writes the files of a package into a folder of its own. */
export async function writePackage(own: CPackage, size: Size, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'configure'), configureText(own));
  await writeFile(join(folder, 'Makefile'), makefileText(own));
  for (let file = 0; file < own.files; file += 1) {
    await writeFile(join(folder, `part-${file}.c`), partText(own, file, size.functions));
  }
}

function configureText({ probes }: CPackage): string {
  return `#!/bin/sh
# Asks the compiler one thing after another, as configure scripts do.
set -eu
for probe in $(seq ${probes}); do
  printf '#include <stdio.h>\\nint probe_%s(void) { return printf("%s"); }\\n' "$probe" "$probe" > conftest.c
  gcc -c conftest.c -o conftest.o
  echo "#define HAVE_$probe 1"
done > config.h
`;
}

function makefileText({ name, files }: CPackage): string {
  const objects = Array.from({ length: files }, (_, file) => `part-${file}.o`).join(' ');
  return `lib${name}.a: ${objects}
\trm -f $@
\tar rcD $@ $^
%.o: %.c config.h
\tgcc -O2 -include config.h -c $< -o $@
install: lib${name}.a
\tmkdir -p $(DESTDIR)/usr/lib
\tcp lib${name}.a $(DESTDIR)/usr/lib/
`;
}

function partText({ name }: CPackage, file: number, functions: number): string {
  const prefix = `${name.replaceAll('-', '_')}_${file}`;
  const bodies = Array.from({ length: functions }, (_, index) => functionText(`${prefix}_${index}`, index));
  return `/* Made by the bench. */\n${bodies.join('\n')}`;
}

/** Something for an optimizer to do: loops over an array, and a switch. */
function functionText(name: string, index: number): string {
  return `int ${name}(int *values, int count) {
  int sum = ${index};
  for (int i = 0; i < count; i++) {
    switch (values[i] & 7) {
    case 0: sum += values[i] * ${index + 3}; break;
    case 1: sum ^= values[i] << ${(index % 5) + 1}; break;
    case 2: for (int k = 0; k < i; k++) sum += values[k] % ${index + 7}; break;
    case 3: values[i] = sum / ${index + 11}; break;
    default: sum -= values[(i * ${index + 1}) % count];
    }
  }
  return sum;
}
`;
}
