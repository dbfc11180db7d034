import { join } from 'node:path';
import type { Digest, HostPath } from '#base';
import type { PinnedSignature } from '#recipe';
import { readCache, writeWhole } from '#store';
import type { Signer } from './judge-signature.ts';

/** A signature that was verified. */
export type VerifiedSignature = {
  /** Of the archive that it vouches for. */
  readonly digest: Digest;
  readonly pinned: PinnedSignature;
  readonly signer: Signer;
  /** Where it came from. */
  readonly from: string;
  readonly bytes: Uint8Array;
};

/** How the store keeps it; the signature in base64, so that anybody can verify it again. */
type SignatureRecord = Pick<VerifiedSignature, 'digest' | 'signer' | 'from'> &
  Pick<PinnedSignature, 'name' | 'covers'> & { readonly signature: string };

/** Keeps a signature by the digest of its archive: later runs, also without a network, say by it what vouched. */
export async function keepSignature(
  folder: HostPath,
  { digest, pinned: { name, covers }, signer, from, bytes }: VerifiedSignature,
): Promise<void> {
  const signature = Buffer.from(bytes).toString('base64');
  const record: SignatureRecord = { name, digest, covers, signer, from, signature };
  await writeWhole(pathOf(folder, digest), JSON.stringify(record));
}

/** Who signed an archive that is in the store; nobody, when who did may not sign the source any more. */
export async function keptSigner(
  folder: HostPath,
  digest: Digest,
  pinned: PinnedSignature,
  onDamage: (path: HostPath) => void,
): Promise<Signer | undefined> {
  const record = await readCache<SignatureRecord>(pathOf(folder, digest), onDamage);
  if (record === undefined || record.digest !== digest) return undefined;
  return pinned.fingerprints.includes(record.signer.fingerprint) ? record.signer : undefined;
}

function pathOf(folder: HostPath, digest: Digest): HostPath {
  return join(folder, `${digest}.json`);
}
