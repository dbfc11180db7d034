import type { Duplex } from 'node:stream';
import { readLines } from '#process';

/** QEMU's control protocol: JSON, one message a line. https://www.qemu.org/docs/master/interop/qmp-spec.html */
export type Qmp = {
  /** Has QEMU do something; an error of QEMU is thrown, since only a wrong command can cause it. */
  execute(command: string, words?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** The first event of a name, also when it came before; undefined when QEMU ended without it. */
  event(name: string): Promise<QmpEvent | undefined>;
};

/** Something that QEMU reports by itself. */
export type QmpEvent = { readonly event: string; readonly data?: { readonly reason?: string } };

type QmpMessage = Partial<QmpEvent> & {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly QMP?: unknown;
};

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (reason: Error) => void };

/** Talks to QEMU over its control socket; ready for commands at once. */
export function openQmp(socket: Duplex): Qmp {
  const commands: Waiting[] = [];
  const events = new Map<string, ReturnType<typeof Promise.withResolvers<QmpEvent | undefined>>>();
  let ended = false;

  const eventSlot = (name: string) => {
    const known = events.get(name) ?? Promise.withResolvers<QmpEvent | undefined>();
    events.set(name, known);
    if (ended) known.resolve(undefined);
    return known;
  };
  const take = (message: QmpMessage) => {
    if (message.event !== undefined) eventSlot(message.event).resolve(message as QmpEvent);
    // Answers come in the order of the commands.
    else if (message.error !== undefined) commands.shift()?.reject(new Error(`QEMU: ${message.error.desc}`));
    else if ('return' in message) commands.shift()?.resolve(message.return);
  };
  const end = () => {
    ended = true;
    for (const command of commands.splice(0)) command.reject(new Error('QEMU ended before it answered'));
    for (const slot of events.values()) slot.resolve(undefined);
  };
  const execute = async (command: string, words: Readonly<Record<string, unknown>> = {}) => {
    if (ended) throw new Error('QEMU has ended');
    const answer = Promise.withResolvers<unknown>();
    commands.push(answer);
    socket.write(`${JSON.stringify({ execute: command, arguments: words })}\n`);
    return await answer.promise;
  };

  // QEMU may end with a command on its way; `end` then answers for it.
  socket.on('error', end);
  void (async () => {
    for await (const line of readLines(socket)) take(JSON.parse(line) as QmpMessage);
  })().then(end, end);
  // Nothing else is answered before this. When it fails QEMU has ended, and every later command says so.
  execute('qmp_capabilities').catch(end);
  return { execute, event: (name) => eventSlot(name).promise };
}
