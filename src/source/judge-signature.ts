import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Key, KeyID, SignaturePacket, WebStream } from 'openpgp';
import { isErrno, plainText } from '#base';
import type { PinnedSignature } from '#recipe';
import { readCovered, type VerifiedArchive } from './covered-bytes.ts';
import { MAX_SIGNATURE_BYTES } from './small-file.ts';

/** Whose signature it is. */
export type Signer = {
  /** As the key says it: `Jim Meyering <jim@meyering.net>`. */
  readonly name: string;
  /** Of the primary key. */
  readonly fingerprint: string;
};

/** A good signature and its signer, or why it is none: the end of the sentence "the signature …". */
export type Judgement = { readonly signer: Signer } | { readonly fault: string };

/** Loaded when the first signature is judged: most runs have none to judge. */
type OpenPgp = typeof import('openpgp');

/** Whether the bytes are a good signature of an archive, by a key that may sign it. */
export async function judgeSignature(
  bytes: Uint8Array,
  pinned: PinnedSignature,
  archive: VerifiedArchive,
): Promise<Judgement> {
  const openpgp = await import('openpgp');
  const keys = await readKeyring(pinned, openpgp);
  if ('fault' in keys) return keys;
  const packets = await readPackets(bytes, openpgp);
  if (packets === undefined) return { fault: 'is not an OpenPGP signature of a file' };
  const ours = packets.flatMap((packet) => {
    const key = keys.find((candidate) => candidate.getKeys(packet.issuerKeyID).length > 0);
    return key === undefined ? [] : [{ packet, key }];
  });
  const [first] = ours;
  // Others may have signed as well; one of those who were pinned must have.
  if (first === undefined) {
    const makers = packets.map((packet) => idOf(packet.issuerKeyID)).join(', ');
    return { fault: `was made by the key ${makers}, which may not sign this source` };
  }
  for (const one of ours) {
    const fault = await findFault({ ...one, pinned, archive }, openpgp);
    if (fault !== undefined) return { fault };
  }
  return { signer: { name: nameOf(first.key), fingerprint: fingerprintOf(first.key) } };
}

/** The keys of a keyring that may sign the source. */
async function readKeyring(
  { keyring, fingerprints }: PinnedSignature,
  { readKeys }: OpenPgp,
): Promise<readonly Key[] | { readonly fault: string }> {
  let armoredKeys: string;
  try {
    armoredKeys = await readFile(keyring, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return { fault: `cannot be judged: there is no keyring ${keyring}` };
    throw error;
  }
  try {
    const keys = await readKeys({ armoredKeys });
    return keys.filter((key) => fingerprints.includes(fingerprintOf(key)));
  } catch (error) {
    return { fault: `cannot be judged: ${basename(keyring)} is no keyring (${wordsOf(error)})` };
  }
}

/** The signature packets; undefined when the bytes are something else. */
async function readPackets(
  bytes: Uint8Array,
  { readSignature, enums }: OpenPgp,
): Promise<readonly SignaturePacket[] | undefined> {
  if (bytes.byteLength > MAX_SIGNATURE_BYTES) return undefined;
  const text = Buffer.from(bytes).toString('latin1');
  const isArmored = text.trimStart().startsWith('-----BEGIN PGP SIGNATURE-----');
  let packets: readonly SignaturePacket[];
  try {
    const signature = isArmored
      ? await readSignature({ armoredSignature: text })
      : await readSignature({ binarySignature: bytes });
    packets = signature.packets.filterByTag(enums.packet.signature);
  } catch {
    // The library throws plain errors for all that is malformed, and what it reads is a stranger's.
    return undefined;
  }
  const ofFiles = packets.filter(({ signatureType }) => signatureType === enums.signature.binary);
  return ofFiles.length === 0 ? undefined : ofFiles;
}

type Signed = {
  readonly packet: SignaturePacket;
  readonly key: Key;
  readonly pinned: PinnedSignature;
  readonly archive: VerifiedArchive;
};

/** What is wrong with one signature; undefined when nothing is. */
async function findFault(
  { packet, key, pinned, archive }: Signed,
  { verify, createMessage, Signature, PacketList, enums, config }: OpenPgp,
): Promise<string | undefined> {
  const packets = new PacketList<SignaturePacket>();
  packets.push(packet);
  const { exceptions, covers } = pinned;
  const accepted = {
    rejectPublicKeyAlgorithms: without(
      config.rejectPublicKeyAlgorithms,
      exceptions.includes('dsa') ? enums.publicKey.dsa : undefined,
    ),
    rejectMessageHashAlgorithms: without(
      config.rejectMessageHashAlgorithms,
      exceptions.includes('sha1') ? enums.hash.sha1 : undefined,
    ),
    // A key that was prolonged and then published with its newest statements only: see `judgedAt`.
    allowInsecureVerificationWithReformattedKeys: true,
    // The oldest of them do not say what they are for. A DSA key can do nothing but sign.
    allowMissingKeyFlags: exceptions.includes('dsa'),
  };
  const verified = await readCovered(archive, covers, async (bytes) => {
    const { data, signatures } = await verify({
      message: await createMessage({ binary: ReadableStream.from(bytes) as ReadableStream<Uint8Array> }),
      signature: new Signature(packets),
      verificationKeys: [key],
      format: 'binary',
      date: judgedAt(packet, key),
      config: accepted,
    });
    await drain(data);
    return faultOf(signatures[0]?.verified);
  });
  return 'reason' in verified ? `cannot be judged: ${verified.reason}` : verified.value;
}

/**
 * The time at which a key is asked whether it could sign: when it signed, whatever has become of it since. Where all
 * that the key says of itself is newer than the signature, it is asked at the time of the oldest of that: it could not
 * expire in between, since nothing says until when it was valid before.
 */
function judgedAt(packet: SignaturePacket, key: Key): Date {
  const signedMs = Number(packet.created);
  const ofSubkey = key.subkeys.filter((subkey) => subkey.getKeyID().equals(packet.issuerKeyID));
  const statements = [
    key.users.flatMap((user) => user.selfCertifications),
    ...ofSubkey.map((subkey) => subkey.bindingSignatures),
  ];
  const oldestMs = statements.map((made) => Math.min(...made.map(({ created }) => Number(created))));
  return new Date(Math.max(signedMs, ...oldestMs.filter(Number.isFinite)));
}

/** Reads a stream to its end: the library hashes what passes. By a reader, since it has replaced only that of the stream. */
async function drain(stream: WebStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader();
  for (;;) {
    const { done } = await reader.read();
    if (done) return;
  }
}

async function faultOf(verified: Promise<true> | undefined): Promise<string | undefined> {
  try {
    await verified;
    return undefined;
  } catch (error) {
    return inOurWords(wordsOf(error));
  }
}

/** The library says why in the message of a plain error. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/Signed digest did not match|Signature verification failed/, 'is of other bytes'],
  [/revoked/i, 'was made with a key that is revoked'],
  [/[Kk]ey is expired/, 'was made with a key that had expired'],
  [/newer than the signature/, 'is older than its key'],
  [/Insecure|algorithm|too weak/, 'was made with an algorithm that is not trusted'],
  [/Could not find valid signing key packet|embedded signature/, 'was made with a key that may not sign'],
];

function inOurWords(words: string): string {
  const fault = FAULTS.find(([pattern]) => pattern.test(words))?.[1] ?? 'is not good';
  return `${fault} (${words})`;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  return plainText(error.message);
}

function without<T>(all: ReadonlySet<T>, one: T | undefined): Set<T> {
  return new Set([...all].filter((each) => each !== one));
}

function nameOf(key: Key): string {
  return plainText(key.getUserIDs()[0] ?? 'a key without a name');
}

function fingerprintOf(key: Key): string {
  return key.getFingerprint().toUpperCase();
}

function idOf(id: KeyID): string {
  return id.toHex().toUpperCase();
}
