import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { PROJECT } from '../rig.ts';

/** Shorter names stand in many files by chance: `vm`, `pc`. With a user before them they are told all the same. */
const SHORTEST_NAME = 5;

/** The home of root on the stick, of which manuals may speak. */
const HOME_OF_ROOT = '/root';

/** Texts that only this machine could have put into a file: its folders, and the names of itself and of who builds. */
export function buildMachineNeedles(storeRoot: string): readonly string[] {
  const { username } = userInfo();
  const home = homedir();
  const name = hostname();
  return [
    ...new Set([
      PROJECT,
      storeRoot,
      ...(home === HOME_OF_ROOT ? [`${home}/.cache`, `${home}/.npm`] : [`${home}/.`]),
      `${tmpdir()}/blazeneuro-`,
      ...[username, 'lfs', 'root'].map((user) => `${user}@${name}`),
      ...(name.length < SHORTEST_NAME ? [] : [name]),
    ]),
  ];
}

/** The texts around each needle that is in some bytes, also as part of a word. */
export function tracesIn(bytes: Buffer, needles: readonly string[]): readonly string[] {
  return needles.flatMap((needle) => {
    const at = bytes.indexOf(needle);
    return at === -1 ? [] : [`${needle} in: ${printableAround(bytes, at, needle.length)}`];
  });
}

function printableAround(bytes: Buffer, at: number, length: number): string {
  const isPrintable = (byte: number | undefined) => byte !== undefined && byte >= 0x20 && byte < 0x7f;
  let [begin, end] = [at, at + length];
  while (at - begin < 40 && isPrintable(bytes[begin - 1])) begin -= 1;
  while (end - at < 80 && isPrintable(bytes[end])) end += 1;
  return bytes.toString('latin1', begin, end);
}
