import { setTimeout as wait } from 'node:timers/promises';
import { type Result, unwrap } from '#base';
import type { WaitOptions } from './serial-console.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/**
 * The loader looks at its keys for a moment only: the key is held, as a person would, and a keyboard repeats it 30 times a
 * second. On the keyboard: firmware keeps what is typed there, while GRUB empties the serial port's buffer when it begins
 * to listen.
 */
const HELD = { everyMs: 33, downMs: 15 };
/** Keys that are pressed one by one: slow enough for a firmware that looks now and then. */
const PRESSED = { everyMs: 200, downMs: 100 };
/** An entry that every menu has. */
const MENU = /BlazeNeuro, rescue shell/;
const MENU_TIME_LIMIT_MS = 120_000;
const ANSWER_TIME_LIMIT_MS = 30_000;

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

/** Has GRUB show its hidden menu, on the serial line as well. */
export async function openLoaderMenu(machine: VirtualMachine): Promise<void> {
  const wanted = { key: 'm', pattern: MENU, what: "GRUB's menu" };
  unwrap(await holdKeyUntil(machine, { ...wanted, timeLimitMs: MENU_TIME_LIMIT_MS }));
}

/** Gives a command to GRUB's own shell, from its menu and back there; gives what it answered. */
export async function askLoader(machine: VirtualMachine, letters: string): Promise<string> {
  const prompt = { what: "the prompt of GRUB's shell", timeLimitMs: ANSWER_TIME_LIMIT_MS };
  await pressKeys(machine, ['c']);
  unwrap(await machine.waitFor(/grub> /, prompt));
  await pressKeys(machine, [...letters, 'ret']);
  const [, answer = ''] = unwrap(await machine.waitFor(/\n(.*?)grub> /s, prompt));
  await pressKeys(machine, ['esc']);
  unwrap(await machine.waitFor(MENU, { ...prompt, what: "GRUB's menu" }));
  return answer;
}

/**
 * Presses keys one after the other, by QEMU's names of them. On the keyboard: of a serial line that UEFI takes for a console
 * both GRUB and the firmware read, and each gets a part of what is typed.
 */
export async function pressKeys(machine: VirtualMachine, keys: readonly string[]): Promise<void> {
  for (const key of keys) await pressKey(machine, key, PRESSED);
}

async function holdKey(machine: VirtualMachine, key: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await pressKey(machine, key, HELD);
}

async function pressKey(
  { qmp }: VirtualMachine,
  key: string,
  { everyMs, downMs }: { readonly everyMs: number; readonly downMs: number },
): Promise<void> {
  await qmp.execute('send-key', { keys: [{ type: 'qcode', data: key }], 'hold-time': downMs });
  await wait(everyMs);
}
