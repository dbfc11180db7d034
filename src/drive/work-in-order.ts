/** What is done with each piece: first whatever may run ahead, then, in the order of the pieces, the act itself. */
export type Work<Piece> = {
  prepare(piece: Piece, slot: Buffer): Promise<void>;
  act(piece: Piece, slot: Buffer): Promise<void>;
};

/**
 * Does work on pieces, as many at a time as there are slots of memory. `prepare` starts in the order of the pieces,
 * and `act` does too, but the next piece does not wait until an act has ended. After a failure no piece is begun any
 * more, and when it is thrown nothing uses the slots.
 */
export async function workInOrder<Piece>(
  pieces: Iterable<Piece>,
  slots: readonly Buffer[],
  work: Work<Piece>,
): Promise<void> {
  // One iterator for all workers: whoever fails closes it for the others.
  const queue = pieces[Symbol.iterator]();
  const left: Iterable<Piece> = { [Symbol.iterator]: () => queue };
  let lastTurn: Promise<void> = Promise.resolve();
  const worker = async (slot: Buffer): Promise<void> => {
    for (const piece of left) {
      const turn = lastTurn;
      const { promise, resolve } = Promise.withResolvers<void>();
      lastTurn = promise;
      try {
        await work.prepare(piece, slot);
        await turn;
        const acting = work.act(piece, slot);
        resolve();
        await acting;
      } finally {
        resolve();
      }
    }
  };
  const ends = await Promise.allSettled(slots.map(worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
