import { open } from 'node:fs/promises';
import { unwrap } from '#base';
import { type Bench, judgeGuest, type Scenario } from './bench.ts';
import { failed, type Judgement, passed } from './check.ts';
import * as fileSystem from './file-system-checks.ts';
import { logIn } from './guest-shell.ts';
import { endInOrder, setPassword, waitForLogin } from './login-steps.ts';

const SECTOR_BYTES = 512;
/** The superblock of ext4, from the beginning of its partition: fs/ext4/ext4.h. */
const SUPERBLOCK = { offsetBytes: 1024, sizeBytes: 1024 };
/** A byte of the drive's GUID in the primary header, UEFI spec §5.3.2: GRUB does not mind, Linux does. */
const HEADER_GUID_OFFSET = SECTOR_BYTES + 56;

/** What the initrd must have said, each once, and in this order. */
const MENDED = [
  '[ OK ] The partition table was torn; it is whole again',
  '[ OK ] The root file system is mended.',
];

/** A primary partition table that is torn, and no superblock: the stick mends both by itself, once. */
export const mendsScenario: Scenario = {
  name: 'mends itself',
  run: async (bench) => {
    const password = await setPassword(bench);
    await damage(bench);
    const boot = async (wanted: readonly string[]) => {
      await using machine = bench.switchOn();
      unwrap(await waitForLogin(machine));
      const said = judgeMending(machine.console.transcript(), wanted);
      bench.record({ name: wanted.length > 0 ? 'says what it mended' : 'has nothing to mend', ...said });
      const shell = unwrap(await logIn(machine.console, { user: 'root', password }));
      const checks = [fileSystem.rootIsWritableExt4, fileSystem.rootHasJournal];
      await judgeGuest(bench, shell, checks, { hostname: '', userName: '' });
      await endInOrder(bench, machine);
    };
    await bench.step('first boot', () => boot(MENDED));
    await bench.step('second boot', () => boot([]));
  },
};

async function damage({ stick }: Bench): Promise<void> {
  if (stick.root === null) throw new TypeError('The image has no root partition.');
  await using file = await open(stick.path, 'r+');
  await file.write(
    Buffer.alloc(SUPERBLOCK.sizeBytes),
    0,
    null,
    stick.root.offsetBytes + SUPERBLOCK.offsetBytes,
  );
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, HEADER_GUID_OFFSET);
  await file.write(Buffer.from([buffer.readUInt8() ^ 0xff]), 0, null, HEADER_GUID_OFFSET);
}

/** Judges what a boot said of mending. */
export function judgeMending(transcript: string, wanted: readonly string[]): Judgement {
  const said = transcript.split('\n').filter((line) => /\[ *OK *\].*(?:torn|mended)/.test(line));
  const matches = said.length === wanted.length && wanted.every((line, index) => said[index]?.includes(line));
  return matches ? passed(said.join('; ') || 'nothing') : failed(said.join('; ') || 'nothing was said');
}
