import { open, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, ok, type Result } from '#base';
import { type ProgramResult, problemOf, runProgram } from '#process';

/** UEFI 2.10, table 5.7: the type of an EFI system partition. */
const ESP_TYPE = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B';
/** The Discoverable Partitions of the UAPI group: the root of x86-64. */
const ROOT_TYPE = '4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709';

type Place = {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  /** The GUID of the partition, as Linux spells a PARTUUID. */
  readonly partuuid: string;
};

/** A copy of an image that a test may do anything to. */
export type ThrowAwayStick = {
  readonly path: HostPath;
  /** Where the EFI system partition lies; null for an image without one. */
  readonly esp: Place | null;
  /** The root partition, as it was when the copy was made. */
  readonly root: Place | null;
};

/** What it takes to reach the ESP of a stick. */
export type WithEsp = Pick<ThrowAwayStick, 'path' | 'esp'>;

type Env = Readonly<Record<string, string>>;

/** Copies an image into a folder. Holes stay holes, and where the file system can, nothing is copied at all. */
export async function copyImage(
  imagePath: HostPath,
  folder: HostPath,
  env: Env,
): Promise<Result<ThrowAwayStick>> {
  const path = join(folder, 'stick.img');
  const copied = await runProgram({
    argv: ['cp', '--sparse=always', '--reflink=auto', '--', imagePath, path],
    env,
  });
  if (!copied.succeeded) return fail(problem(copied, imagePath));
  return ok(await lookAtStick(path, env));
}

/** Gives a stick the size of an SD card, which for QEMU is a power of two; the image lies at its start, as on any. */
export async function growToCard({ path }: Pick<ThrowAwayStick, 'path'>): Promise<void> {
  const { size } = await stat(path);
  await truncate(path, 2 ** Math.ceil(Math.log2(size)));
}

/** Where the partitions of a stick or image lie, as its table has it now. */
export async function lookAtStick(path: HostPath, env: Env): Promise<ThrowAwayStick> {
  const table = await runProgram({ argv: ['sfdisk', '--json', '--', path], env });
  // A bare file system or boot sector has no table: nothing can be put on its ESP then.
  const find = (type: string) => (table.succeeded ? findPartition(table.stdout, type) : null);
  return { path, esp: find(ESP_TYPE), root: find(ROOT_TYPE) };
}

/** The first partition of a type in what `sfdisk --json` prints. */
function findPartition(json: string, typeGuid: string): Place | null {
  const { partitiontable: table } = JSON.parse(json) as SfdiskJson;
  const found = table.partitions?.find(({ type }) => type.toUpperCase() === typeGuid);
  if (found === undefined) return null;
  const sectorBytes = table.sectorsize ?? 512;
  return {
    offsetBytes: found.start * sectorBytes,
    sizeBytes: found.size * sectorBytes,
    partuuid: found.uuid.toLowerCase(),
  };
}

type SfdiskJson = {
  readonly partitiontable: {
    readonly sectorsize?: number;
    readonly partitions?: readonly {
      readonly type: string;
      readonly uuid: string;
      readonly start: number;
      readonly size: number;
    }[];
  };
};

/** Writes a text file onto the ESP, in place of one that is there, as anybody with a computer could. */
export async function putOnEsp(
  stick: WithEsp,
  file: { readonly name: string; readonly text: string },
  env: Env,
): Promise<Result<undefined>> {
  if (stick.esp === null) return fail(noEsp(stick));
  const drive = `${stick.path}@@${stick.esp.offsetBytes}`;
  const argv = ['mcopy', '-o', '-i', drive, '-', `::/${file.name}`];
  const written = await runProgram({ argv, env, stdin: { text: file.text } });
  return written.succeeded ? ok(undefined) : fail(problem(written, file.name));
}

/** Copies a folder onto the ESP, by its name. */
export async function putFolderOnEsp(stick: WithEsp, folder: HostPath, env: Env): Promise<Result<undefined>> {
  if (stick.esp === null) return fail(noEsp(stick));
  const argv = ['mcopy', '-s', '-i', `${stick.path}@@${stick.esp.offsetBytes}`, folder, '::/'];
  const copied = await runProgram({ argv, env });
  return copied.succeeded ? ok(undefined) : fail(problem(copied, folder));
}

/** Reads a text file of the ESP. */
export async function readFromEsp(stick: WithEsp, name: string, env: Env): Promise<Result<string>> {
  if (stick.esp === null) return fail(noEsp(stick));
  const drive = `${stick.path}@@${stick.esp.offsetBytes}`;
  const read = await runProgram({ argv: ['mtype', '-i', drive, `::/${name}`], env });
  return read.succeeded ? ok(read.stdout) : fail(problem(read, name));
}

/** Deletes a file of the ESP; its bytes stay where they were. */
export async function deleteFromEsp(stick: WithEsp, name: string, env: Env): Promise<Result<undefined>> {
  if (stick.esp === null) return fail(noEsp(stick));
  const argv = ['mdel', '-i', `${stick.path}@@${stick.esp.offsetBytes}`, `::/${name}`];
  const deleted = await runProgram({ argv, env });
  return deleted.succeeded ? ok(undefined) : fail(problem(deleted, name));
}

/** Whether bytes lie anywhere on the ESP: in a file, or in what a file has left behind. */
export async function espHolds(stick: WithEsp, text: string): Promise<boolean> {
  if (stick.esp === null) return false;
  const chunkBytes = 8 * 1024 * 1024;
  const wanted = Buffer.from(text);
  const { offsetBytes, sizeBytes } = stick.esp;
  await using file = await open(stick.path, 'r');
  // Each piece reaches into the next, so that no place to hide is left between two.
  const chunk = Buffer.alloc(chunkBytes + wanted.length);
  for (let done = 0; done < sizeBytes; done += chunkBytes) {
    const length = Math.min(chunk.length, sizeBytes - done);
    const { bytesRead } = await file.read(chunk, 0, length, offsetBytes + done);
    if (chunk.subarray(0, bytesRead).includes(wanted)) return true;
  }
  return false;
}

function problem(result: ProgramResult, subject: string) {
  return problemOf(result, { kind: 'boot-failed', subject });
}

function noEsp(stick: WithEsp) {
  const message = 'The image has no EFI system partition.';
  return { kind: 'boot-failed', subject: stick.path, message } as const;
}
