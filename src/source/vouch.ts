import { digestOfBytes, type HostPath } from '#base';
import type { Origin, Pin, PinnedSignature } from '#recipe';
import { type BadSignature, type Unavailable, unavailable } from './answer.ts';
import { archiveName } from './chosen-pin.ts';
import { judgeSignature, type Signer } from './judge-signature.ts';
import type { Candidate } from './signature-candidates.ts';
import { signaturePlace } from './signature-place.ts';
import { keepSignature, keptSigner } from './signature-record.ts';

/** What vouches for a source besides its digest: who signed it; or nobody, and why, where a signature was pinned. */
export type Vouched = { readonly signer: Signer | undefined; readonly reason?: string };

/** What vouching takes. */
export type VouchOptions = {
  readonly signatures: ReadonlyMap<string, PinnedSignature>;
  /** A folder of our own that stays, for signatures that were verified. */
  readonly stateFolder: HostPath;
  readonly candidates: (place: Origin, pin: Pin) => AsyncIterable<Candidate>;
  readonly onDamage: (path: HostPath) => void;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
};

/** What vouches for bytes in a file that have the pinned digest. A signature that can be had must be good. */
export async function vouchForFile(
  file: HostPath,
  { pin, pins }: { readonly pin: Pin; readonly pins: readonly Pin[] },
  options: VouchOptions,
): Promise<{ readonly vouched: Vouched } | BadSignature | Unavailable> {
  const pinned = options.signatures.get(pin.name);
  if (pinned === undefined) return byDigest();
  const place = signaturePlace(pin, pins, pinned);
  if (place === undefined) return byDigest('upstream signed other bytes');

  const { environment, signal, stateFolder } = options;
  const archive = { file, name: archiveName(pin.origin), environment, signal };
  const judged = new Set<string>();
  const reasons = new Set<string>();
  let bad: BadSignature | undefined;
  for await (const candidate of options.candidates(place, pin)) {
    if ('reason' in candidate) {
      reasons.add(candidate.reason);
      continue;
    }
    const { bytes, from } = candidate;
    // The hosts of a mirror list give the same one, as a rule.
    if (judged.has(digestOfBytes(bytes))) continue;
    judged.add(digestOfBytes(bytes));
    const judgement = await judgeSignature(bytes, pinned, archive);
    if ('signer' in judgement) {
      await keepSignature(stateFolder, { digest: pin.digest, pinned, from, bytes, ...judgement });
      return { vouched: judgement };
    }
    const reason = `the signature ${from} ${judgement.fault}`;
    bad ??= { outcome: 'bad-signature', reason, place: pinned.place };
  }
  // Whoever stops a run must not make the next one take bytes for unsigned that are in the store by then.
  if (signal?.aborted === true) return unavailable('was stopped before its signature was there');
  return bad ?? byDigest([...reasons].join('; '));
}

function byDigest(reason?: string): { readonly vouched: Vouched } {
  return { vouched: { signer: undefined, ...(reason === undefined ? {} : { reason }) } };
}

/** What vouched for bytes when they came into the store. */
export async function vouchForKept(
  pin: Pin,
  { signatures, stateFolder, onDamage }: Pick<VouchOptions, 'signatures' | 'stateFolder' | 'onDamage'>,
): Promise<Vouched> {
  const pinned = signatures.get(pin.name);
  if (pinned === undefined) return { signer: undefined };
  const signer = await keptSigner(stateFolder, pin.digest, pinned, onDamage);
  return signer === undefined ? { signer, reason: 'none is kept with it' } : { signer };
}
