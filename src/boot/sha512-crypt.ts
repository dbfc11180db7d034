import { createHash } from 'node:crypto';

/** https://www.akkadia.org/drepper/SHA-crypt.txt: rounds when none are named. */
const ROUNDS = 5000;
const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The `$6$` hash of a password, as crypt(5) writes it: for the throw-away passwords of tests.
 * The numbers in the comments are the steps of Drepper's description.
 */
export function sha512Crypt(password: string, salt: string): string {
  if (!/^[./0-9A-Za-z]{1,16}$/.test(salt)) throw new RangeError(`Not a salt: ${salt}`);
  const key = Buffer.from(password);
  const saltBytes = Buffer.from(salt);

  // 4 to 8, 9 and 10.
  const other = sha512(key, saltBytes, key);
  // 11: each bit of the length, from the lowest, adds the other digest or the key.
  const bits = Array.from(
    { length: key.length === 0 ? 0 : Math.floor(Math.log2(key.length)) + 1 },
    (_, bit) => ((key.length >> bit) & 1 ? other : key),
  );
  let digest = sha512(key, saltBytes, repeatTo(other, key.length), ...bits);

  // 13 to 16: as often the key as it is long; 17 to 20: the salt, 16 times and once for each unit of the first byte.
  const keyPart = repeatTo(sha512(...Array<Buffer>(key.length).fill(key)), key.length);
  const saltTimes = 16 + (digest[0] ?? 0);
  const saltPart = repeatTo(sha512(...Array<Buffer>(saltTimes).fill(saltBytes)), saltBytes.length);

  // 21: the rounds.
  for (let round = 0; round < ROUNDS; round += 1) {
    const odd = round % 2 === 1;
    digest = sha512(
      odd ? keyPart : digest,
      ...(round % 3 === 0 ? [] : [saltPart]),
      ...(round % 7 === 0 ? [] : [keyPart]),
      odd ? digest : keyPart,
    );
  }
  return `$6$${salt}$${encode(digest)}`;
}

function sha512(...pieces: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha512');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

function repeatTo(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, length === 0 ? undefined : bytes);
}

/** 22: three bytes make four letters, lowest first; which three follows a rotation by one at every group. */
function encode(digest: Buffer): string {
  const at = (index: number) => digest[index] ?? 0;
  let text = '';
  for (let group = 0; group < 21; group += 1) {
    const bytes = [group, group + 21, group + 42];
    const turned = [...bytes.slice(group % 3), ...bytes.slice(0, group % 3)].map(at);
    text += letters(((turned[0] ?? 0) << 16) | ((turned[1] ?? 0) << 8) | (turned[2] ?? 0), 4);
  }
  return text + letters(at(63), 2);
}

function letters(value: number, count: number): string {
  return Array.from({ length: count }, (_, index) => ALPHABET[(value >> (6 * index)) & 63]).join('');
}
