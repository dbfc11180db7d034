import type { Event } from '#event';

/** How a build, or the image, ended in a run, and the digest of what it gave. */
export type Ending = { readonly outcome: string; readonly digest: string | undefined };

/** The endings that a run told of, by build; the image is `image`. */
export function endingsIn(events: readonly Event[]): ReadonlyMap<string, Ending> {
  return new Map(
    events.flatMap((event): [string, Ending][] => {
      if (event.type === 'action-finished') {
        return [[event.build, { outcome: event.outcome, digest: event.artifact }]];
      }
      if (event.type !== 'image-finished') return [];
      return [['image', { outcome: event.outcome, digest: event.digest }]];
    }),
  );
}
