import { failed, type Judgement, passed } from '../check.ts';
import type { GuestAnswer } from '../guest-shell.ts';

const LOOKED_AT = /^looked at\telf (\d+)\tscripts (\d+)\tlinks (\d+)$/m;

/** Judges what `guest/libraries.sh` found: a line for each fault, and at the end how much it looked at. */
export function judgeLibraries({ output, exitCode }: GuestAnswer): Judgement {
  const [, elf, scripts, links] = LOOKED_AT.exec(output) ?? [];
  if (exitCode !== 0 || elf === undefined) return failed(`ended with ${exitCode}: ${output.slice(-500)}`);
  // A system without these would not have come so far: nothing was found where it should be.
  if (Number(elf) === 0 || Number(scripts) === 0)
    return failed(`${elf} programs and ${scripts} scripts are too few`);
  const faults = output.split('\n').flatMap((line) => {
    const [kind, path, why] = line.split('\t');
    return kind === 'fault' ? [`${path}: ${why}`] : [];
  });
  return faults.length === 0
    ? passed(`${elf} programs and libraries, ${scripts} scripts, ${links} links`)
    : failed(faults.join('; '));
}
