import { closeSync, constants, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { type HostPath, isErrno } from '#base';

/** Any byte would do: clients give back what they took. GNU make itself puts this one in (posixos.c). */
const TOKEN = '+';

/** As much as a pipe holds (pipe(7)), so that one read empties it, however much a build wrote into it. */
const PIPE_BYTES = 65_536;

/**
 * Our end of one build's fifo. What lies in it is on offer. Our descriptor is an open file of our own, so that it can
 * be non-blocking whatever the build does with its own.
 */
export class TokenFifo {
  readonly #path: HostPath;
  readonly #fd: number;
  #reader: Socket | undefined;

  /** Opens a fifo that exists and that nobody else knows of yet. */
  constructor(path: HostPath) {
    this.#path = path;
    this.#fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  }

  /** Offers tokens. Returns how many fitted: all, unless the build filled the fifo itself. */
  put(count: number): number {
    if (count === 0) return 0;
    try {
      return writeSync(this.#fd, TOKEN.repeat(count));
    } catch (error) {
      if (isErrno(error, 'EAGAIN')) return 0;
      throw error;
    }
  }

  /** Takes back all that lies in it, and says how much that was. */
  takeAll(): number {
    try {
      return readSync(this.#fd, Buffer.allocUnsafe(PIPE_BYTES));
    } catch (error) {
      if (isErrno(error, 'EAGAIN')) return 0;
      throw error;
    }
  }

  /** From now on competes with the build for each token that it gives back; says how many were got. */
  startTaking(onTaken: (count: number) => void): void {
    if (this.#reader !== undefined) return;
    // Not by its path: the build could have put something else there.
    const fd = openSync(`/proc/self/fd/${this.#fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
    // A socket waits in epoll; a read in Node's thread pool would hang on to the end of the program.
    const reader = new Socket({
      fd,
      readable: true,
      writable: false,
      // Called at once for what was read: nothing can be lost in a buffer when the reader is destroyed.
      onread: {
        buffer: Buffer.alloc(PIPE_BYTES),
        callback: (count) => {
          onTaken(count);
          return true;
        },
      },
    });
    reader.unref();
    reader.resume();
    this.#reader = reader;
  }

  stopTaking(): void {
    this.#reader?.destroy();
    this.#reader = undefined;
  }

  /** The fifo is gone after this, and what was in it. */
  close(): void {
    this.stopTaking();
    closeSync(this.#fd);
    rmSync(this.#path, { force: true });
  }
}
