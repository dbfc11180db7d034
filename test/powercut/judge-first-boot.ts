import { espHolds } from '#boot';
import type { JudgedDrive } from './scenario.ts';

/** What a first boot must have done in the end, however often its power was cut: the settings' secrets are gone. */
export async function judgeFirstBoot({ bench, base, path }: JudgedDrive): Promise<string[]> {
  const faults: string[] = [];
  if (await espHolds({ path, esp: bench.esp }, base.passwordHash)) {
    faults.push('The ESP still holds the hash of the password.');
  }
  return faults;
}
