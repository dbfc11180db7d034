import { createSocket } from 'node:dgram';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Rig } from '../rig.ts';

/** What attacks try to reach. */
export type World = AsyncDisposable & {
  readonly facts: { readonly PORT: string; readonly CANARY: string };
  /** What reached the servers. */
  readonly heard: string[];
};

/** Opens servers on this machine, and puts a secret file beside the store of a rig. */
export async function openWorld(rig: Rig, name: string, secret: string): Promise<World> {
  const heard: string[] = [];
  const tcp = createServer((socket) => {
    heard.push('tcp');
    socket.destroy();
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const address = tcp.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const abstract = createServer((socket) => {
    heard.push('abstract');
    socket.destroy();
  });
  await new Promise<void>((resolve) => abstract.listen(`\0${name}`, resolve));
  const udp = createSocket('udp4', (_, from) => {
    heard.push('udp');
    udp.send('heard', from.port, from.address);
  });
  await new Promise<void>((resolve) => udp.bind(address.port, '127.0.0.1', resolve));
  const canary = join(rig.folder, 'canary');
  await writeFile(canary, secret, { mode: 0o600 });
  return {
    facts: { PORT: String(address.port), CANARY: canary },
    heard,
    [Symbol.asyncDispose]: async () => {
      for (const server of [tcp, abstract, udp])
        await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
