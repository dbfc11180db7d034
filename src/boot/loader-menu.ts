import { setTimeout as wait } from 'node:timers/promises';
import { type Result, unwrap } from '#base';
import type { WaitOptions } from './serial-console.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/**
 * The loader looks at its keys for a moment only: the key is held, as a person would. On the keyboard: firmware keeps what
 * is typed there, while GRUB empties the serial port's buffer when it begins to listen.
 */
const KEY_EVERY_MS = 100;
const MENU_TIME_LIMIT_MS = 120_000;

/** What a key is held for, by QEMU's name of the key. */
type HeldKey = WaitOptions & { readonly key: string; readonly pattern: RegExp };

/** Holds a key of the keyboard until the guest says something. */
export async function holdKeyUntil(
  machine: VirtualMachine,
  { key, pattern, ...options }: HeldKey,
): Promise<Result<RegExpExecArray>> {
  const over = new AbortController();
  const holding = holdKey(machine, key, over.signal);
  const said = await machine.waitFor(pattern, options);
  over.abort();
  await holding;
  return said;
}

/** Has GRUB show its hidden menu, down to an entry, on the serial line as well. */
export async function openLoaderMenu(machine: VirtualMachine, entry: RegExp): Promise<void> {
  const options = { what: `${entry.source} in GRUB's menu`, timeLimitMs: MENU_TIME_LIMIT_MS };
  unwrap(await holdKeyUntil(machine, { key: 'm', pattern: entry, ...options }));
}

async function holdKey(machine: VirtualMachine, key: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await machine.qmp.execute('send-key', { keys: [{ type: 'qcode', data: key }] });
    await wait(KEY_EVERY_MS);
  }
}
