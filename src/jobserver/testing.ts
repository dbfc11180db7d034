import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostPath } from '#base';
import { type RunningProgram, startProgram } from '#process';
import type { Jobserver, Seat } from './jobserver.ts';

/**
 * What each recipe of the toy makefiles runs: it makes itself known, counts how many do at this moment, and works for
 * a moment. What it counts is never more than what really runs.
 */
const RECIPE = `#!/bin/bash
mkdir "$1/running/$$"
set -- "$1" "$1"/running/*
echo "$(($# - 1))" >>"$1/counts"
read -t 0.03 <> <(:)
rmdir "$1/running/$$"
`;

/** A folder in which makes of several builds run, and what their recipes counted. */
export type Yard = AsyncDisposable & {
  readonly folder: HostPath;
  /** How many recipes ran at once, as each of them counted. */
  counts(): Promise<number[]>;
  /** Starts a make with so many recipes, half of them in a make of its own, in a seat with a fifo. */
  startMake(seat: Seat, name: string, recipes: number, style?: 'descriptors' | 'fifo'): Promise<Make>;
};

/** A running make; what it says on stdout and stderr is in `log`. */
export type Make = { readonly program: RunningProgram; readonly log: HostPath };

export async function openYard(): Promise<Yard> {
  const folder = await mkdtemp(join(tmpdir(), 'jobserver-test-'));
  await mkdir(join(folder, 'running'));
  await writeFile(join(folder, 'counts'), '');
  await writeFile(join(folder, 'recipe.sh'), RECIPE, { mode: 0o755 });
  return {
    folder,
    counts: async () => {
      const text = await readFile(join(folder, 'counts'), 'utf8');
      return text.split('\n').filter(Boolean).map(Number);
    },
    startMake: async (seat, name, recipes, style = 'descriptors') => {
      const fifo = join(folder, `${name}.fifo`);
      await seat.openFifo(fifo);
      const makefile = join(folder, `${name}.mk`);
      await writeFile(makefile, makefileText(folder, makefile, Math.ceil(recipes / 2)));
      const log = join(folder, `${name}.log`);
      const program = startProgram({
        argv: ['bash', '-c', joinText(fifo, style), 'make', makefile],
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
        stdout: { path: log },
        stderr: 'as-stdout',
      });
      return { program, log };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function makefileText(folder: HostPath, makefile: HostPath, half: number): string {
  const targets = (prefix: string) => Array.from({ length: half }, (_, at) => `${prefix}${at}`).join(' ');
  return [
    `all: ${targets('a')} nested`,
    `nested:\n\t@$(MAKE) --no-print-directory -f ${makefile} inner`,
    `inner: ${targets('b')}`,
    `${targets('a')} ${targets('b')}:\n\t@${folder}/recipe.sh ${folder}`,
    `.PHONY: all nested inner ${targets('a')} ${targets('b')}\n`,
  ].join('\n');
}

function joinText(fifo: HostPath, style: 'descriptors' | 'fifo'): string {
  if (style === 'fifo') return `MAKEFLAGS="-j9 --jobserver-auth=fifo:${fifo}" exec make -f "$1"`;
  return `exec {both}<>${fifo} {from}<${fifo} {to}>${fifo} {both}>&-
MAKEFLAGS="-j9 --jobserver-auth=$from,$to" exec make -f "$1"`;
}

/** Resolves once something is so; the test's own time limit ends it when it never is. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A seat that must be free. */
export function seatOf(jobserver: Jobserver, rank: number): Seat {
  const seat = jobserver.takeSeat(rank);
  if (seat === undefined) throw new Error('No seat is free.');
  return seat;
}
