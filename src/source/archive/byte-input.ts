/** Reads into a buffer, and waits for it; gives back how many bytes came, 0 at the end. */
export type ReadBytes = (into: Buffer) => number;

/** Takes bytes; the buffer is its caller's again afterwards. */
export type WriteBytes = (bytes: Buffer) => void;

const BUFFER_BYTES = 1 << 18;

/** What comes out of a pipe, by as many bytes as are asked for, up to a limit. */
export class ByteInput {
  readonly #read: ReadBytes;
  readonly #mostBytes: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #start = 0;
  #end = 0;
  #takenBytes = 0;
  #isTooLong = false;

  constructor(read: ReadBytes, mostBytes: number) {
    this.#read = read;
    this.#mostBytes = mostBytes;
  }

  /** Whether more was asked for than the limit allows; it is the end then. */
  get isTooLong(): boolean {
    return this.#isTooLong;
  }

  /** All bytes that were handed out until now. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** The next bytes, at most as many as the buffer has; until the next call. Undefined when there are not so many. */
  take(count: number): Buffer | undefined {
    if (!this.#mayTake(count)) return undefined;
    while (this.#end - this.#start < count) if (!this.#fill()) return undefined;
    this.#takenBytes += count;
    this.#start += count;
    return this.#buffer.subarray(this.#start - count, this.#start);
  }

  /** Hands on the next bytes, however many; false when there are not so many. */
  pass(count: number, write: WriteBytes): boolean {
    if (!this.#mayTake(count)) return false;
    let left = count;
    while (left > 0) {
      if (this.#start === this.#end && !this.#fill()) return false;
      const piece = Math.min(left, this.#end - this.#start);
      write(this.#buffer.subarray(this.#start, this.#start + piece));
      this.#start += piece;
      left -= piece;
    }
    this.#takenBytes += count;
    return true;
  }

  /** What is there, up to `most` bytes; empty at the end. */
  takeSome(most: number): Buffer {
    if (this.#start === this.#end) this.#fill();
    return this.take(Math.min(most, this.#end - this.#start)) ?? Buffer.alloc(0);
  }

  #mayTake(count: number): boolean {
    this.#isTooLong ||= this.#takenBytes + count > this.#mostBytes;
    return !this.#isTooLong;
  }

  #fill(): boolean {
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    const came = this.#read(this.#buffer.subarray(this.#end));
    this.#end += came;
    return came > 0;
  }
}
