import { ALLOWED_KERNEL_MESSAGES, type AllowedMessage } from './allowed-kernel-messages.ts';

/** One message of the kernel's ring buffer. */
export type KernelMessage = { readonly level: number; readonly text: string };

/** syslog(2): KERN_ERR; everything below is worse. */
const LEVEL_ERR = 3;

/** A warning with a stack trace is of level warning, but it is a bug that the kernel noticed. */
const STACK_TRACE = /^(?:WARNING: |BUG: |-+\[ cut here \]|Oops: |UBSAN: |KASAN: )/;

/** Reads what `dmesg --raw` prints: `<facility and level>[time] text`. Lines that go on a message belong to it. */
export function parseKernelMessages(output: string): readonly KernelMessage[] {
  const messages: KernelMessage[] = [];
  for (const line of output.split('\n')) {
    const match = /^<(\d+)>(?:\[ *\d+\.\d+\] ?)?(.*)$/.exec(line);
    if (match !== null) messages.push({ level: Number(match[1]) & 7, text: match[2] ?? '' });
  }
  return messages;
}

/** The messages that a healthy boot does not show. */
export function badKernelMessages(
  messages: readonly KernelMessage[],
  allowed: readonly AllowedMessage[] = ALLOWED_KERNEL_MESSAGES,
): readonly KernelMessage[] {
  return messages
    .filter(({ level, text }) => level <= LEVEL_ERR || STACK_TRACE.test(text))
    .filter(({ text }) => !allowed.some(({ pattern }) => pattern.test(text)));
}
