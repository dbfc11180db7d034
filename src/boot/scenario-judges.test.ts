import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rootIsOnBus, secondDriveIsSeen } from './bus-checks.ts';
import { compareSecrets } from './identity-scenario.ts';
import { judgeHistory } from './login-scenarios.ts';
import { judgeMending } from './mends-scenario.ts';
import { judgeLoaded } from './previous-kernel-scenario.ts';
import { judgeWhereFrom } from './two-sticks-scenario.ts';

const expected = { hostname: '', userName: '' };
const judge = (check: ReturnType<typeof rootIsOnBus>, output: string) =>
  check.judge({ output, exitCode: 0 }, expected).passed;

describe('the bus of a drive', () => {
  it('is told by the driver of the PCI device above it', () => {
    const driver = '../../../bus/pci/drivers/ehci-pci\n';
    assert.equal(judge(rootIsOnBus('ehci'), driver), true);
    assert.equal(judge(rootIsOnBus('usb'), driver), false);
    assert.equal(judge(rootIsOnBus('usb'), ''), false);
  });

  it('is UAS when that driver has the drive, and all of it can be read', () => {
    assert.equal(judge(secondDriveIsSeen(2), 'uas\n2097152\n'), true);
    assert.equal(judge(secondDriveIsSeen(2), 'usb-storage\n2097152\n'), false);
    assert.equal(judge(secondDriveIsSeen(2), 'uas\n512\n'), false);
    assert.equal(judge(secondDriveIsSeen(2), ''), false);
  });
});

describe('the secrets of two sticks', () => {
  const stick = (id: string, seed: string, key = '') =>
    `== machine-id\n${id.repeat(32)}\n== random-seed\n${seed.repeat(64)}  -\n${key}`;

  it('pass where all of them differ', () => {
    assert.equal(compareSecrets(stick('a', 'b'), stick('c', 'd')).passed, true);
  });

  it('fail where one is the same, or missing', () => {
    assert.match(compareSecrets(stick('a', 'b'), stick('a', 'd')).detail, /machine-id/);
    assert.match(compareSecrets(stick('a', 'b'), stick('c', 'b')).detail, /random-seed/);
    assert.equal(compareSecrets(stick('', 'b'), stick('', 'd')).passed, false);
    assert.equal(compareSecrets(stick('a', 'b', '== key\n1'), stick('c', 'd')).passed, false);
  });
});

describe('what a boot says of mending', () => {
  it('must be what was damaged, and no more', () => {
    const said = 'x\n[ OK ] The table was torn; it is whole again\n[ OK ] Up 3 s\n';
    assert.equal(judgeMending(said, ['The table was torn']).passed, true);
    assert.equal(judgeMending(said, []).passed, false);
    assert.equal(judgeMending('', ['The table was torn']).passed, false);
    assert.equal(judgeMending('', []).passed, true);
  });
});

describe('where a system comes from, of two sticks', () => {
  const wanted = { hostname: 'two', partuuid: 'bb-2' };
  const said = {
    hostname: 'two',
    asked: 'root=PARTUUID=bb-2',
    root: 'bb-2',
    drive: 'sdb',
    sticks: 'sda aa-1\nsda aa-2\nsda aa-3\nsdb bb-1\nsdb bb-2\nsdb bb-3',
    mounted: '/dev/sdb2',
  };
  const judgeSaid = (changes: Partial<typeof said>) =>
    judgeWhereFrom(
      Object.entries({ ...said, ...changes })
        .map(([name, text]) => `== ${name}\n${text}`)
        .join('\n'),
      wanted,
    );

  it('is the stick that was started', () => assert.deepEqual(judgeSaid({}).passed, true));

  const faults: readonly (readonly [string, Partial<typeof said>, RegExp])[] = [
    ['the settings of the other one', { hostname: 'one' }, /its name is one/],
    ['a menu that names the root of the other one', { asked: 'root=PARTUUID=aa-2' }, /was told/],
    ['the root of the other one', { root: 'aa-2' }, /the root is aa-2/],
    [
      'something of the other one that is mounted',
      { mounted: '/dev/sdb2\n/dev/sda1' },
      /another drive: \/dev\/sda1/,
    ],
    ['one stick alone', { sticks: 'sdb bb-1\nsdb bb-2\nsdb bb-3' }, /no two sticks/],
    ['a name that both have', { sticks: said.sticks.replace('aa-2', 'bb-2') }, /no two sticks/],
  ];
  for (const [what, changes, why] of faults) {
    it(`is not, by ${what}`, () => {
      const { passed, detail } = judgeSaid(changes);
      assert.equal(passed, false);
      assert.match(detail, why);
    });
  }
});

describe('the kernel that was loaded', () => {
  it('is told by the loader', () => {
    const said = 'BOOT_IMAGE=/vmlinuz.old root=PARTUUID=a ro\n';
    assert.equal(judgeLoaded(said, '/vmlinuz.old').passed, true);
    assert.equal(judgeLoaded(said, '/vmlinuz').passed, false);
    assert.equal(judgeLoaded('BOOT_IMAGE=(hd0,gpt1)/vmlinuz ro', '/vmlinuz').passed, true);
    assert.equal(judgeLoaded('root=PARTUUID=a ro', '/vmlinuz').passed, false);
  });
});

describe('the shell that powered off', () => {
  it('has its last command in its history, unless it was killed', () => {
    assert.equal(judgeHistory({ output: 'stty -echo\npoweroff' }).passed, true);
    assert.equal(
      judgeHistory({ output: 'cat: /root/.bash_history: No such file or directory' }).passed,
      false,
    );
  });
});
