import type { HostPath } from '#base';
import { type ProgramResult, runProgram } from '#process';
import { shareOut } from './share-out.ts';
import { TokenFifo } from './token-fifo.ts';

/** How long a token may lie unclaimed in one build's fifo before it is offered to another. */
const TICK_MS = 20;

/** The right of one build to run: one token of its own, and a fifo through which it may take more. */
export type Seat = {
  /** Makes a fifo there and offers free tokens in it from now on. Throws when it cannot be made. */
  openFifo(path: HostPath): Promise<void>;
  /** Gives everything back, also what the build took and did not return. Only the first call does anything. */
  leave(): void;
  readonly hasLeft: boolean;
  /** Its place among the others from now on: the higher, the earlier its build is offered more. */
  setRank(rank: number): void;
};

/**
 * A pool of tokens for all builds: one for each seat, the others on offer in the builds' fifos. Who has a token may
 * run one compiler, so that never more run than there are tokens.
 */
export class Jobserver {
  readonly tokens: number;
  readonly #seats = new Set<OwnSeat>();
  #free: number;
  #waitingRank: number | undefined;
  #onFree: () => void = () => {};
  #ticking: NodeJS.Timeout | undefined;

  constructor(tokens: number) {
    this.tokens = tokens;
    this.#free = tokens;
  }

  /** Tokens that neither a seat nor an open fifo has. */
  get free(): number {
    return this.#free;
  }

  get seats(): number {
    return this.#seats.size;
  }

  /** Is called whenever a seat may have become free. It must not throw. */
  listen(onFree: () => void): void {
    this.#onFree = onFree;
  }

  /** A seat, if a token is free or lies unclaimed. The higher the rank, the earlier its build is offered more. */
  takeSeat(rank: number): Seat | undefined {
    if (this.#free === 0) this.#collect();
    if (this.#free === 0) return undefined;
    this.#free -= 1;
    const seat = new OwnSeat(rank, {
      opened: () => this.#update(),
      left: (tokens) => this.#takeBack(seat, tokens),
    });
    this.#seats.add(seat);
    // What is left is offered once nobody waits, and not here: another build may be about to take a seat.
    return seat;
  }

  /**
   * Says of which rank the best build is that waits for a seat: then no more is offered to others, and builds of a
   * lower rank lose the tokens that they give back. Undefined: nobody waits.
   */
  setWaiting(rank: number | undefined): void {
    this.#waitingRank = rank;
    this.#update();
  }

  #takeBack(seat: OwnSeat, tokens: number): void {
    this.#seats.delete(seat);
    this.#free += tokens;
    this.#update();
    this.#onFree();
  }

  /** Brings everything in line with who is there and who waits. */
  #update(): void {
    if (this.#waitingRank === undefined) this.#offer();
    this.#compete();
    const open = [...this.#seats].filter((seat) => seat.isOpen);
    const areSomeOut = open.some((seat) => seat.given > 0);
    const mayMove = open.length > 1 && (areSomeOut || this.#free > 0);
    if (mayMove || (this.#waitingRank !== undefined && areSomeOut)) {
      this.#ticking ??= setInterval(() => this.#tick(), TICK_MS).unref();
    } else {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    }
  }

  #tick(): void {
    this.#collect();
    if (this.#waitingRank !== undefined && this.#free > 0) this.#onFree();
    this.#update();
  }

  /** Takes back what lay unclaimed in a fifo at the last look and does so now. */
  #collect(): void {
    for (const seat of this.#seats) this.#free += seat.takeUnclaimed();
  }

  /** Offers what is free: first to builds that claimed all they were offered, those of the highest rank before. */
  #offer(): void {
    if (this.#free === 0) return;
    const open = [...this.#seats].filter((seat) => seat.isOpen).sort((a, b) => b.rank - a.rank);
    const eager = open.filter((seat) => seat.wantsMore);
    const chosen = eager.length > 0 ? eager : open;
    const shares = shareOut(this.#free, chosen.length);
    for (const [index, seat] of chosen.entries()) this.#free -= seat.offer(shares[index] ?? 0);
  }

  /** A make takes again at once what it gives back: only who is there in that moment gets a token from it. */
  #compete(): void {
    const rank = this.#waitingRank;
    for (const seat of this.#seats) {
      const isLower = rank !== undefined && seat.rank < rank && this.#free === 0;
      if (isLower) seat.startTaking((tokens) => this.#won(tokens));
      else seat.stopTaking();
    }
  }

  #won(tokens: number): void {
    this.#free += tokens;
    this.#compete();
    this.#onFree();
  }
}

type Owner = { readonly opened: () => void; readonly left: (tokens: number) => void };

class OwnSeat implements Seat {
  #rank: number;
  readonly #owner: Owner;
  #fifo: TokenFifo | undefined;
  /** Tokens that lie in the fifo or that the build has, besides its own. */
  #given = 0;
  /** What lay in the fifo when it was looked at last. */
  #lay = 0;
  #wantsMore = true;
  #hasLeft = false;

  constructor(rank: number, owner: Owner) {
    this.#rank = rank;
    this.#owner = owner;
  }

  get rank(): number {
    return this.#rank;
  }

  get given(): number {
    return this.#given;
  }

  get isOpen(): boolean {
    return this.#fifo !== undefined;
  }

  get wantsMore(): boolean {
    return this.#wantsMore;
  }

  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  async openFifo(path: HostPath): Promise<void> {
    const argv = ['mkfifo', '--mode=600', path];
    const made = await runProgram({ argv, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } });
    if (!made.succeeded) throw notMade(made);
    if (this.#hasLeft) return;
    this.#fifo = new TokenFifo(path);
    this.#owner.opened();
  }

  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#fifo?.close();
    this.#fifo = undefined;
    this.#owner.left(1 + this.#given);
  }

  setRank(rank: number): void {
    this.#rank = rank;
  }

  offer(tokens: number): number {
    const put = this.#fifo?.put(tokens) ?? 0;
    this.#given += put;
    this.#lay += put;
    return put;
  }

  takeUnclaimed(): number {
    if (this.#fifo === undefined || this.#given === 0) {
      this.#wantsMore = true;
      return 0;
    }
    // More than it was given is what the build wrote by itself: that makes no token.
    const there = Math.min(this.#fifo.takeAll(), this.#given);
    const unclaimed = Math.min(there, this.#lay);
    this.#given -= unclaimed;
    this.#lay = this.#fifo.put(there - unclaimed);
    this.#wantsMore = unclaimed === 0;
    return unclaimed;
  }

  startTaking(onTaken: (tokens: number) => void): void {
    this.#fifo?.startTaking((count) => {
      const tokens = Math.min(count, this.#given);
      this.#given -= tokens;
      this.#lay = 0;
      if (tokens > 0) onTaken(tokens);
    });
  }

  stopTaking(): void {
    this.#fifo?.stopTaking();
  }
}

/** As the system's own call would have thrown it where the disk is full, which is told in words of its own. */
function notMade({ commandLine, stderr }: ProgramResult): Error {
  const error = new Error(`${commandLine}: ${stderr.trim()}`);
  return /No space left on device/.test(stderr) ? Object.assign(error, { code: 'ENOSPC' }) : error;
}
