import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '#base';
import type { AptPrograms } from './apt-programs.ts';
import { aptOriginText, findAptVersions, findReleases, readAptVersions, upstreamOf } from './apt-versions.ts';

const digest = (digit: string): string => digit.repeat(64);

/** A stanza as `apt-cache showsrc` prints it, with the files that lie beside upstream's. */
function stanza(version: string, files: readonly string[]): string {
  const sums = [`${digest('f')} 1802 x.dsc`, ...files, `${digest('e')} 7028 x_1.debian.tar.xz`];
  return [
    'Package: x',
    `Version: ${version}`,
    'Files:',
    ' 50aa5cdb28df6340ef67a3a3ec953ffc 59189 x_1.orig.tar.gz',
    'Checksums-Sha256:',
    ...sums.map((sum) => ` ${sum}`),
    'Package-List: ',
    ' x deb utils optional arch=any',
  ].join('\n');
}

const LISTS = [
  stanza('1.9-1', [`${digest('1')} 19 x_1.9.orig.tar.gz`, `${digest('2')} 9 x_1.9.orig.tar.gz.asc`]),
  stanza('2:1.10+dfsg-3', [
    `${digest('4')} 9 x_1.10.orig-data.tar.xz`,
    `${digest('3')} 110 x_1.10+dfsg.orig.tar.xz`,
  ]),
  stanza('2:1.10+dfsg-2', [`${digest('3')} 110 x_1.10+dfsg.orig.tar.xz`]),
  stanza('2.0~rc1-1', [`${digest('5')} 20 x_2.0~rc1.orig.tar.xz`]),
  stanza('0.5', [`${digest('6')} 5 x_0.5.tar.xz`]),
  'Package: x\nVersion: 3.0-1\n',
].join('\n\n');

test('the lists of the archive tell versions, the newest first, each with the archive that upstream made', () => {
  const versions = readAptVersions(LISTS);
  assert.deepEqual(
    versions.map(({ version, upstream, file, sizeBytes }) => [version, upstream, file, sizeBytes]),
    [
      ['2.0~rc1-1', '2.0~rc1', 'x_2.0~rc1.orig.tar.xz', 20],
      ['2:1.10+dfsg-2', '1.10', 'x_1.10+dfsg.orig.tar.xz', 110],
      ['2:1.10+dfsg-3', '1.10', 'x_1.10+dfsg.orig.tar.xz', 110],
      ['1.9-1', '1.9', 'x_1.9.orig.tar.gz', 19],
      ['0.5', '0.5', 'x_0.5.tar.xz', 5],
    ],
  );
  assert.equal(versions[1]?.digest, digest('3'));
});

test('releases are found, the newest first, and what only announces one when there is nothing else', () => {
  const versions = readAptVersions(LISTS);
  const found = findReleases(versions);
  assert.deepEqual(
    found.map(({ version }) => version),
    ['2:1.10+dfsg-2', '1.9-1', '0.5'],
  );
  assert.equal(found[0] && aptOriginText('x', found[0]), 'apt:x=2:1.10+dfsg-2/x_1.10+dfsg.orig.tar.xz');
  assert.equal(findReleases(versions.slice(0, 1))[0]?.upstream, '2.0~rc1');
  assert.equal(findReleases(versions, '1.9')[0]?.file, 'x_1.9.orig.tar.gz');
  assert.deepEqual(findReleases(versions, '1.8'), []);
});

test('lists of an earlier run that do not know a package are made anew, once', async () => {
  let made = 0;
  const programs = {
    showSource: async () => ({ succeeded: made > 0, stdout: LISTS }),
  } as unknown as AptPrograms;
  const lists = {
    usable: async () => ok({ isFresh: false }),
    fresh: async () => {
      made += 1;
      return ok({ isFresh: true });
    },
  };
  const found = await findAptVersions('x', lists, programs);
  assert.ok(found.ok && found.value.length === 5);
  assert.equal(made, 1);

  const none = { showSource: async () => ({ succeeded: false, stdout: '' }) } as unknown as AptPrograms;
  const missing = await findAptVersions('none', lists, none);
  assert.ok(!missing.ok && missing.problem.message.includes('no source package none'));
});

test('the version of upstream is known among all that Debian puts around it', () => {
  for (const [version, upstream] of [
    ['2:6.3.0+dfsg-3', '6.3.0'],
    ['4.0.33-1+really4.0.32-1', '4.0.32'],
    ['710+really668-1', '668'],
    ['9.1~rc2-1~exp1', '9.1~rc2'],
    ['0.5', '0.5'],
  ] as const) {
    assert.equal(upstreamOf(version), upstream);
  }
});
