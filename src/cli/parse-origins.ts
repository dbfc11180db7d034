import { ORIGIN_KINDS, type OriginKind } from '#recipe';

/** Kinds of origins as `--origins` has them: `apt,mirror`, each once; undefined when it says anything else. */
export function parseOrigins(text: string): readonly OriginKind[] | undefined {
  const kinds: OriginKind[] = [];
  for (const word of text.split(',')) {
    const kind = ORIGIN_KINDS.find((one) => one === word.trim());
    if (kind === undefined || kinds.includes(kind)) return undefined;
    kinds.push(kind);
  }
  return kinds;
}

/** The kinds that a run may use: those of this machine only without the network, else as asked for. */
export function originOrder(flags: {
  readonly offline: boolean;
  readonly origins?: readonly OriginKind[] | undefined;
}): readonly OriginKind[] {
  return flags.offline ? ['file'] : (flags.origins ?? ORIGIN_KINDS);
}
