import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostPath } from '#base';
import { ask, lastLine } from './ask.ts';
import type { Finding } from './finding.ts';
import { installCommand } from './packages.ts';

const C_PROGRAM = '#include <stdio.h>\nint main(void) { return puts("C works") < 0; }\n';
const CPP_PROGRAM = '#include <iostream>\nint main() { std::cout << "C++ works\\n"; }\n';

/** Really compiles, links and runs a C and a C++ program: a compiler alone says nothing about headers and libraries. */
export async function checkCompiler(): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'blazeneuro-compiler-'));
  try {
    return await Promise.all([
      tryToCompile(folder, 'C program', 'gcc', 'hello.c', C_PROGRAM, ['gcc', 'libc6-dev']),
      tryToCompile(folder, 'C++ program', 'g++', 'hello.cpp', CPP_PROGRAM, ['g++', 'libc6-dev']),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function tryToCompile(
  folder: HostPath,
  name: string,
  compiler: string,
  fileName: string,
  text: string,
  packages: readonly string[],
): Promise<Finding> {
  const source = join(folder, fileName);
  const program = `${source}.out`;
  await writeFile(source, text);
  const compiled = await ask([compiler, source, '-o', program]);
  const run = compiled.succeeded ? await ask([program]) : compiled;
  return {
    name,
    have: run.succeeded ? run.stdout.trim() : lastLine(run),
    want: `${compiler} compiles and links one, and it runs`,
    ok: run.succeeded,
    ...(run.succeeded ? {} : { hint: installCommand(packages) }),
  };
}
