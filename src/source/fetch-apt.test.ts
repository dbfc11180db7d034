import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Digest, digestOfBytes } from '#base';
import type { ProgramResult } from '#process';
import type { Pin } from '#recipe';
import type { AptPrograms } from './apt-programs.ts';
import { type AptOrigin, openAptOrigin } from './fetch-apt.ts';

const BYTES = 'the right bytes';
const ORIGIN = {
  kind: 'apt',
  source: 'grep',
  version: '3.11-4',
  file: 'grep_3.11.orig.tar.xz',
  text: 'apt:grep=3.11-4/grep_3.11.orig.tar.xz',
} as const;
const PIN: Pin = {
  name: 'grep',
  version: '3.11',
  origin: ORIGIN,
  digest: digestOfBytes(BYTES),
  sizeBytes: BYTES.length,
  line: 1,
};
const URIS = `'http://a.example/g.dsc' grep_3.11-4.dsc 1642 SHA256:dd
'http://a.example/g.asc' grep_3.11.orig.tar.xz.asc 833 SHA256:89
'http://a.example/g.xz' grep_3.11.orig.tar.xz 15 SHA256:1d
`;

function result(stdout: string, exitCode = 0, stderr = ''): ProgramResult {
  const succeeded = exitCode === 0;
  const argv = ['apt-get'];
  return {
    argv,
    commandLine: 'apt-get',
    outcome: 'exited',
    succeeded,
    exitCode,
    stdout,
    stderr,
    durationMs: 1,
    cpuMs: 1,
  };
}

type Rig = {
  readonly calls: string[];
  readonly state: string;
  open(changes?: Partial<AptPrograms>): AptOrigin;
};

/** apt's programs as they answer on a machine that is set up with an archive. */
async function openRig(t: TestContext): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'apt-test-'));
  t.after(() => rm(folder, { recursive: true }));
  const calls: string[] = [];
  const list = join(folder, 'machine.list');
  await writeFile(list, 'deb http://a.example/debian bookworm main\n');
  const programs: AptPrograms = {
    entryPlaces: async () => ({ list, parts: join(folder, 'none') }),
    update: async () => {
      calls.push('update');
      return result('');
    },
    printUris: async (requests) => {
      calls.push(requests.join(' '));
      return result(URIS);
    },
    showSource: async () => result('', 100, 'E: Unable to locate package'),
    download: async (uri, file, digest) => {
      calls.push(`${uri} ${digest === PIN.digest}`);
      await writeFile(file, BYTES);
      return result('');
    },
  };
  const state = join(folder, 'state');
  return { calls, state, open: (changes = {}) => openAptOrigin(state, { ...programs, ...changes }) };
}

test('only the named file is downloaded, and the lists are made once for all who ask', async (t) => {
  const rig = await openRig(t);
  const apt = rig.open();
  const answers = await Promise.all(['a', 'b'].map((name) => apt.fetch(ORIGIN, PIN, join(rig.state, name))));
  assert.deepEqual(answers, Array(2).fill({ outcome: 'verified', sizeBytes: BYTES.length }));
  assert.equal(rig.calls.filter((call) => call === 'update').length, 1);
  assert.ok(rig.calls.includes('http://a.example/g.xz true'));
  assert.equal(await readFile(join(rig.state, 'a'), 'utf8'), BYTES);
  assert.match(
    await readFile(join(rig.state, 'sources.list'), 'utf8'),
    /^deb-src http:\/\/a\.example\/debian bookworm/,
  );
});

test('lists of an earlier run serve for a day', async (t) => {
  const rig = await openRig(t);
  const file = join(rig.state, 'file');
  await rig.open().fetch(ORIGIN, PIN, file);
  await rig.open().fetch(ORIGIN, PIN, file);
  assert.equal(rig.calls.filter((call) => call === 'update').length, 1);
  const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
  await utimes(join(rig.state, 'updated'), twoDaysAgo, twoDaysAgo);
  await rig.open().fetch(ORIGIN, PIN, file);
  assert.equal(rig.calls.filter((call) => call === 'update').length, 2);
});

test('lists of the future, left by a clock that was wrong, do not serve', async (t) => {
  const rig = await openRig(t);
  const file = join(rig.state, 'file');
  await rig.open().fetch(ORIGIN, PIN, file);
  const inTwoYears = Date.now() / 1000 + 2 * 365 * 86_400;
  await utimes(join(rig.state, 'updated'), inTwoYears, inTwoYears);
  await rig.open().fetch(ORIGIN, PIN, file);
  assert.equal(rig.calls.filter((call) => call === 'update').length, 2);
});

test('what old lists do not know is looked up in new ones', async (t) => {
  const rig = await openRig(t);
  const file = join(rig.state, 'file');
  await rig.open().fetch(ORIGIN, PIN, file);
  const answers = [result('', 100, 'E: Unable to find it'), result(URIS)];
  const answer = await rig
    .open({ printUris: async () => answers.shift() ?? assert.fail() })
    .fetch(ORIGIN, PIN, file);
  assert.equal(answer.outcome, 'verified');
  assert.equal(rig.calls.filter((call) => call === 'update').length, 2);
});

test('a disk that apt fills up is no fault of the origin', async (t) => {
  const rig = await openRig(t);
  const full = async () => result('', 100, 'E: Write error - write (28: No space left on device)\n');
  for (const changes of [{ download: full }, { update: full }]) {
    await rm(rig.state, { recursive: true, force: true });
    await assert.rejects(rig.open(changes).fetch(ORIGIN, PIN, join(rig.state, 'file')), { code: 'ENOSPC' });
  }
});

test('apt is not believed: what it downloads is verified here', async (t) => {
  const rig = await openRig(t);
  const pin = { ...PIN, digest: 'b'.repeat(64) as Digest };
  const answer = await rig.open().fetch(ORIGIN, pin, join(rig.state, 'file'));
  assert.equal(answer.outcome, 'wrong-digest');
});

test('a version that left the archive is unavailable, in the words of apt', async (t) => {
  const rig = await openRig(t);
  const gone = async (): Promise<ProgramResult> =>
    result('', 100, "W: old\nE: Can not find version '3.11-4'\n");
  const answer = await rig.open({ printUris: gone }).fetch(ORIGIN, PIN, join(rig.state, 'file'));
  assert.deepEqual(answer, { outcome: 'unavailable', reason: "Can not find version '3.11-4'" });
  const other = { ...ORIGIN, file: 'grep_3.12.orig.tar.xz' };
  const missing = await rig.open().fetch(other, PIN, join(rig.state, 'file'));
  assert.match(missing.outcome === 'unavailable' ? missing.reason : '', /has no file grep_3\.12/);
});

test('a point release takes the pinned version away: the same bytes are had from the one that followed', async (t) => {
  const rig = await openRig(t);
  const stanza = (version: string, file: string, digest: string): string =>
    `Package: grep\nVersion: ${version}\nFiles:\n 00 15 ${file}\nChecksums-Sha256:\n dd 1642 g.dsc\n ${digest} 15 ${file}\n`;
  const shown = [
    stanza('3.11-9', 'grep_3.11.orig.tar.xz', 'e'.repeat(64)),
    stanza('3.11-4+deb13u1', 'grep_3.11+really.orig.tar.xz', PIN.digest),
  ].join('\n');
  const asked: string[] = [];
  const apt = rig.open({
    showSource: async () => result(shown),
    printUris: async (requests) => {
      asked.push(...requests);
      if (requests[0] === 'grep=3.11-4') return result('', 100, "E: Can not find version '3.11-4'\n");
      return result(URIS.replace("g.xz' grep_3.11.orig", "g.xz' grep_3.11+really.orig"));
    },
  });
  const answer = await apt.fetch(ORIGIN, PIN, join(rig.state, 'file'));
  assert.equal(answer.outcome, 'verified');
  assert.deepEqual(asked, ['grep=3.11-4', 'grep=3.11-4+deb13u1']);
});

test('a machine without apt, or without the archive of Debian, says so', async (t) => {
  const rig = await openRig(t);
  const noApt = await rig.open({ entryPlaces: async () => undefined }).fetch(ORIGIN, PIN, 'x');
  assert.deepEqual(noApt, { outcome: 'unavailable', reason: 'this machine has no apt' });
  const other = { list: '/nowhere', parts: '/nowhere' };
  const noDebian = await rig.open({ entryPlaces: async () => other }).fetch(ORIGIN, PIN, 'x');
  assert.match(
    noDebian.outcome === 'unavailable' ? noDebian.reason : '',
    /not set up with Debian's main archive/,
  );
  assert.deepEqual(rig.calls, []);
});

test('the signature beside the file is had too, as the lists name it', async (t) => {
  const rig = await openRig(t);
  const uris = URIS.replace('SHA256:89', `SHA256:${'8'.repeat(64)}`);
  const asked: string[] = [];
  const apt = rig.open({
    printUris: async () => result(uris),
    download: async (uri, file, digest) => {
      asked.push(`${uri} ${digest}`);
      await writeFile(file, uri.endsWith('.asc') ? 'a signature' : BYTES);
      return result('');
    },
  });
  await apt.fetch(ORIGIN, PIN, join(rig.state, 'file'));
  const small = await apt.fetchSignature(PIN);
  assert.equal('bytes' in small ? Buffer.from(small.bytes).toString() : '', 'a signature');
  assert.equal(asked.at(-1), `http://a.example/g.asc ${'8'.repeat(64)}`);
});

test('a source package without a signature, and one whose signature has left the archive, say so', async (t) => {
  const rig = await openRig(t);
  const without = URIS.replace(/^.*asc.*\n/m, '');
  const apt = rig.open({ printUris: async () => result(without) });
  await apt.fetch(ORIGIN, PIN, join(rig.state, 'file'));
  assert.deepEqual(await apt.fetchSignature(PIN), { reason: 'the source package has no signature' });

  const other = rig.open({
    download: async (uri, file) => {
      if (uri.endsWith('.asc')) return result('', 100, 'E: Failed to fetch g.asc  404  Not Found\n');
      await writeFile(file, BYTES);
      return result('');
    },
  });
  await other.fetch(ORIGIN, PIN, join(rig.state, 'file'));
  assert.deepEqual(await other.fetchSignature(PIN), { reason: 'Failed to fetch g.asc  404  Not Found' });
});
