import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOfBytes } from '#base';
import type { OwnedEntry } from './built-artifact.ts';
import { systemManifest } from './system-manifest.ts';

const owner = { uid: 0, gid: 0 };
const reader: OwnedEntry = {
  entry: {
    type: 'file',
    path: '/usr/bin/blazeneuro',
    sha256: digestOfBytes('x'),
    sizeBytes: 1,
    mode: '0755',
    ...owner,
  },
  build: 'system/tool',
  hostPath: '',
};
const others: readonly OwnedEntry[] = [
  { entry: { type: 'symlink', path: '/bin', target: 'usr/bin' }, build: 'system/etc', hostPath: '' },
  { entry: { type: 'directory', path: '/tmp', mode: '1777', ...owner }, build: 'system/etc', hostPath: '' },
];

test('every file is a line with its content, mode, owner and build', () => {
  const hex = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
  assert.equal(
    systemManifest('base', [...others, reader])?.content,
    [
      '# profile\tbase',
      '# type\tmode\towner\tcontent\tpath\tbuild',
      'symlink\t-\t0:0\tusr/bin\t/bin\tsystem/etc',
      'directory\t1777\t0:0\t-\t/tmp\tsystem/etc',
      `file\t0755\t0:0\t${hex}\t/usr/bin/blazeneuro\tsystem/tool`,
      '',
    ].join('\n'),
  );
});

test('a system on which nothing would read the list has none', () => {
  assert.equal(systemManifest('minimal', others), undefined);
});
