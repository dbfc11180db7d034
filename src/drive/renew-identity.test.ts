import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { digestOfBytes } from '#base';
import { encodeLayout } from '#disk';
import { bytesReader } from '#file-system';
import { renewIdentity } from './index.ts';
import { hasImageTools, makeSampleImage, partitionText, run, SAMPLE, testFolder } from './testing-image.ts';

const seed = digestOfBytes('chance');

describe('renewing the identity of an image', { skip: !hasImageTools() }, () => {
  test('every name is another, every reference follows, and both file systems are sound', async () => {
    using folder = testFolder();
    const { path, layout } = makeSampleImage(folder.path);
    const bytes = readFileSync(path);
    const renewed = await renewIdentity(bytesReader(bytes), seed);
    if (!renewed.ok) assert.fail(renewed.problem.message);
    const stick = Buffer.from(bytes);
    for (const { offsetBytes, bytes: patch } of renewed.value.patches) stick.set(patch, offsetBytes);
    for (const { startSector, bytes: table } of encodeLayout(renewed.value.layout))
      stick.set(table, startSector * 512);

    const files = partitionText(stick, layout, folder.path);
    const idOf = (name: string) => /^UUID=(.+)$/m.exec(run(`blkid -p -o export ${folder.path}/${name}`))?.[1];
    const [esp, root] = renewed.value.layout.partitions;
    assert.ok(esp !== undefined && root !== undefined);
    assert.match(files.menu, new RegExp(`linux /vmlinuz root=PARTUUID=${root.guid} ro`));
    assert.match(files.fstab, new RegExp(`^UUID=${idOf('root')} / ext4`, 'm'));
    assert.match(files.fstab, new RegExp(`^UUID=${idOf('esp')} /boot/efi`, 'm'));
    assert.match(files.fstab, new RegExp(`^# on ${root.guid.toUpperCase()}`, 'm'));
    run(`e2fsck -fn ${folder.path}/root; fsck.fat -n ${folder.path}/esp`);

    const text = stick.toString('latin1').toLowerCase();
    const names = [
      SAMPLE.rootUuid,
      layout.diskGuid,
      ...layout.partitions.map(({ guid }) => guid),
      'abcd-1234',
    ];
    for (const name of names) assert.ok(!text.includes(name.toLowerCase()), name);
    assert.equal(new Set([...names, idOf('root'), idOf('esp'), esp.guid, root.guid]).size, names.length + 4);
  });

  test('the same seed gives the same names, and another others', async () => {
    using folder = testFolder();
    const reader = bytesReader(readFileSync(makeSampleImage(folder.path).path));
    const one = await renewIdentity(reader, seed);
    assert.deepEqual(await renewIdentity(reader, seed), one);
    const other = await renewIdentity(reader, digestOfBytes('other chance'));
    assert.ok(one.ok && other.ok);
    assert.notEqual(other.value.layout.diskGuid, one.value.layout.diskGuid);
  });

  test('what is not as it was made is refused, and why is said', async () => {
    using folder = testFolder();
    const refused = async (
      change: Parameters<typeof makeSampleImage>[1],
      spoil?: (bytes: Buffer) => void,
    ) => {
      const bytes = readFileSync(makeSampleImage(folder.path, change).path);
      spoil?.(bytes);
      const renewed = await renewIdentity(bytesReader(bytes), seed);
      assert.ok(!renewed.ok);
      return renewed.problem.message;
    };
    assert.match(
      await refused({ fstab: 'LABEL=x / ext4\n' }),
      /\/etc\/fstab on the root partition should speak of UUID=/,
    );
    assert.match(
      await refused({ menu: 'linux /vmlinuz\n' }),
      /grub\.cfg on the esp partition should speak of root=PARTUUID/,
    );
    assert.match(await refused({ rootCommands: ['rm /etc/fstab'] }), /no file \/etc\/fstab/);
    assert.match(await refused({ rootCommands: ['ssv state 0'] }), /was in use/);
    assert.match(
      await refused({}, (bytes) => {
        bytes[520] = (bytes[520] ?? 0) ^ 1;
      }),
      /tables do not agree/,
    );
  });
});
