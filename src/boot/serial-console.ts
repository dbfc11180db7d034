import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { fail, ok, type Problem, type Result } from '#base';
import { lastLines, plainText, splitUnfinished } from './terminal-text.ts';

/** What a guest prints when nothing else will come: waiting on would only hide the reason. */
const FATAL = /Kernel panic - not syncing[^\n]*|EFI stub: ERROR:[^\n]*|^error: [^\n]*\n(?=.*grub rescue>)/ms;

/** One end of a serial line with a guest on the other: waits for what it prints, and answers. */
export type SerialConsole = {
  /** Everything that came so far, as plain text without the terminal's escapes. */
  transcript(): string;
  /** Waits for a pattern in what was not yet read, and takes the text up to its end. */
  waitFor(pattern: RegExp, options: WaitOptions): Promise<Result<RegExpExecArray>>;
  /** Types text, exactly. */
  type(text: string): void;
};

/** How long to wait, and for what, in words: `a login prompt`. */
export type WaitOptions = { readonly what: string; readonly timeLimitMs: number };

/** The two directions of a serial line, and who wants to see all of it (a log). */
export type SerialLine = {
  readonly output: Readable;
  readonly input: Writable;
  readonly onText?: (text: string) => void;
};

/** Listens to a serial line. */
export function openSerialConsole(line: SerialLine): SerialConsole {
  const decoder = new StringDecoder('utf8');
  let transcript = '';
  let unfinished = '';
  let readUpTo = 0;
  let closed = false;
  let wake: () => void = () => {};

  line.output.on('data', (bytes: Buffer) => {
    const text = decoder.write(bytes);
    line.onText?.(text);
    const { whole, rest } = splitUnfinished(unfinished + text);
    transcript += plainText(whole);
    unfinished = rest;
    wake();
  });
  const close = () => {
    closed = true;
    wake();
  };
  line.output.once('end', close);
  line.output.once('close', close);
  line.output.once('error', close);
  // What is typed after the guest is gone is lost; whoever waits for the answer is told that it ended.
  line.input.on('error', close);

  const waitFor = async (pattern: RegExp, { what, timeLimitMs }: WaitOptions) => {
    const deadline = performance.now() + timeLimitMs;
    for (;;) {
      const unread = transcript.slice(readUpTo);
      const match = pattern.exec(unread);
      if (match !== null) {
        readUpTo += match.index + match[0].length;
        return ok(match);
      }
      const fatal = FATAL.exec(unread);
      if (fatal !== null) return fail(noAnswer(`printed ${fatal[0].trim()}`, what, transcript));
      if (closed) return fail(noAnswer('ended', what, transcript));
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) {
        return fail(
          noAnswer(`was silent about it for ${Math.round(timeLimitMs / 1000)} s`, what, transcript),
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  return { transcript: () => transcript, waitFor, type: (text) => void line.input.write(text) };
}

function noAnswer(how: string, what: string, transcript: string): Problem {
  return {
    kind: 'boot-failed',
    subject: 'serial console',
    message: `While waiting for ${what}, the guest ${how}.`,
    details: lastLines(transcript, 20),
  };
}
