import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bootTimesAddUp } from './boot-times-check.ts';
import type { GuestCheck } from './check.ts';
import {
  allMountsAreThere,
  lastShutdownWasClean,
  rootHasJournal,
  rootIsWritableExt4,
} from './file-system-checks.ts';
import { badKernelMessages, parseKernelMessages } from './kernel-messages.ts';
import { judgeBootLog } from './login-steps.ts';
import {
  initIsOurs,
  kernelIsContent,
  nothingListens,
  openFilesHaveNames,
  settingsAreApplied,
} from './system-checks.ts';

const digest = 'c'.repeat(64);
const expected = { hostname: 'boot-test', userName: 'tester', initSha256: digest };

function judge(check: GuestCheck, output: string) {
  return check.judge({ output, exitCode: 0 }, expected);
}
function passes(check: GuestCheck, output: string) {
  const { passed, detail } = judge(check, output);
  assert.equal(passed, true, detail);
}
function fails(check: GuestCheck, output: string, detail: RegExp) {
  const judgement = judge(check, output);
  assert.equal(judgement.passed, false);
  assert.match(judgement.detail, detail);
}

const MOUNTS = `/dev/sda2 / ext4 rw,relatime 0 0
devtmpfs /dev devtmpfs rw,nosuid,size=4096k 0 0
proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0
tmpfs /run tmpfs rw,nosuid,nodev,mode=755 0 0`;

describe('checks of the file systems', () => {
  it('takes a writable ext4 root, and no other', () => {
    passes(rootIsWritableExt4, MOUNTS);
    passes(rootIsWritableExt4, `rootfs / rootfs rw 0 0\n${MOUNTS}`);
    fails(rootIsWritableExt4, MOUNTS.replace('rw,relatime', 'ro,relatime'), /ext4 ro/);
    fails(rootIsWritableExt4, `${MOUNTS}\noverlay / overlay rw,lowerdir=x 0 0`, /overlay/);
    fails(rootIsWritableExt4, '', /nothing is mounted/);
  });

  it('wants the journal of the root device itself', () => {
    passes(rootHasJournal, '== device\n../../devices/pci0000:00/usb1/block/sda/sda2\n== journals\nsda2-8');
    fails(
      rootHasJournal,
      '== device\n../../block/sda/sda2\n== journals\nsda21-8\nsdb2-8',
      /no journal of sda2/,
    );
    fails(rootHasJournal, '== device\n== journals\nsda2-8', /device of \/ is not known/);
  });

  it('misses what fstab promises', () => {
    const fstab = `# file system  mount
UUID=1234  /          ext4  defaults  1 1
UUID=AB-CD /boot/efi  vfat  umask=077 0 2
UUID=AB-CE /mnt/later vfat  noauto    0 0
swap       none       swap  sw        0 0`;
    const answer = (mounts: string) => `== fstab\n${fstab}\n== mounts\n${mounts}`;
    passes(allMountsAreThere, answer(`${MOUNTS}\n/dev/sda1 /boot/efi vfat rw 0 0`));
    fails(allMountsAreThere, answer(MOUNTS), /not mounted: \/boot\/efi$/);
    fails(allMountsAreThere, '== fstab\n== mounts', /names no mount/);
  });

  it('sees a repair of what the last shutdown left', () => {
    const mounted =
      '<6>[    1.2] EXT4-fs (sda2): mounted filesystem 12 r/w with ordered data mode. Quota mode: none.';
    passes(lastShutdownWasClean, mounted);
    fails(
      lastShutdownWasClean,
      `<6>[    1.1] EXT4-fs (sda2): recovery complete\n${mounted}`,
      /recovery complete/,
    );
    fails(
      lastShutdownWasClean,
      `${mounted}\n<4>[ 2.0] FAT-fs (sda1): Volume was not properly unmounted.`,
      /FAT-fs/,
    );
    fails(lastShutdownWasClean, '', /does not say/);
  });
});

describe('checks of the system', () => {
  it('takes our init as process 1, by path and digest', () => {
    passes(initIsOurs, `/usr/sbin/init\n${digest}  -`);
    fails(initIsOurs, `/usr/sbin/init\n${'d'.repeat(64)}  -`, /has the digest d+/);
    fails(initIsOurs, `/usr/lib/systemd/systemd\n${digest}  -`, /systemd/);
    fails(initIsOurs, '', /process 1 is/);
  });

  it('misses names of open files', () => {
    passes(openFilesHaveNames, 'works\nworks');
    fails(openFilesHaveNames, 'bash: line 1: /dev/fd/63: No such file or directory', /dev.fd/);
  });

  const heading =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
  const row = (state: string) =>
    `   0: 00000000:0016 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 107 1`;
  it('finds every kind of open socket', () => {
    const nothing = ['tcp', 'udp', 'raw', 'packet'].map((table) => `== ${table}\n${heading}`).join('\n');
    passes(nothingListens, nothing);
    passes(nothingListens, `== tcp\n${heading}\n${row('01')}`);
    fails(nothingListens, `== tcp\n${heading}\n${row('0A')}`, /^tcp: 0: 00000000:0016/);
    fails(nothingListens, `${nothing}\n== udp6\n${heading}\n${row('07')}`, /^udp6/);
    fails(nothingListens, '', /no table/);
  });

  it('holds the settings against the running system', () => {
    passes(settingsAreApplied, 'boot-test\nboot-test\nroot\nnobody\ntester');
    fails(settingsAreApplied, 'blazeneuro\nblazeneuro\nroot\ntester', /named blazeneuro/);
    fails(settingsAreApplied, 'boot-test\nboot-test\nroot', /no user tester/);
  });

  it('finds what a boot script marked as failed', () => {
    assert.equal(judgeBootLog('[ OK ] Mounting\n[ OK ] Setting the clock').passed, true);
    assert.equal(
      judgeBootLog('[ OK ] Mounting\n[FAIL] Setting the clock').detail,
      '[FAIL] Setting the clock',
    );
  });
});

describe('messages of the kernel', () => {
  const healthy =
    '<5>[    0.000000] Linux version 6.12.107\n<12>[    2.100000] init: hello\n<6>[    3.1] usb 1-1: new';

  it('accepts a boot without errors, and nothing at all is no boot', () => {
    passes(kernelIsContent, healthy);
    fails(kernelIsContent, '', /empty/);
  });

  it('finds errors, and warnings that are bugs', () => {
    fails(kernelIsContent, `${healthy}\n<3>[    1.5] ata1: COMRESET failed`, /^<3> ata1: COMRESET failed$/);
    fails(kernelIsContent, `${healthy}\n<27>[    1.5] daemon: bad`, /daemon: bad/);
    fails(kernelIsContent, `${healthy}\n<4>[    1.5] WARNING: CPU: 0 PID: 1 at x.c:1`, /WARNING/);
    passes(kernelIsContent, `${healthy}\n<4>[    1.5] ACPI: no such thing`);
  });

  it('lets a listed message pass, and only that', () => {
    const messages = parseKernelMessages('<3>[ 1.0] tpm tpm0: no\n<3>[ 1.1] tpm tpm1: bad');
    const allowed = [{ pattern: /^tpm tpm0: no$/, reason: 'a test' }];
    assert.deepEqual(badKernelMessages(messages, allowed), [{ level: 3, text: 'tpm tpm1: bad' }]);
  });
});

describe('the check of blazeneuro-boot-times', () => {
  const answer = (changed: Record<string, unknown> = {}, uptime = '9.87') => {
    const parts = { kernelMs: 2520, initrdMs: 1500, initMs: 490, bootScriptsMs: 1740, loginMs: 120 };
    return `${JSON.stringify({ ...parts, kernelToLoginMs: 6370, ...changed })}\n${uptime}`;
  };

  it('takes times that add up', () => {
    passes(bootTimesAddUp, answer());
    passes(bootTimesAddUp, answer({ kernelToLoginMs: 6373 }));
  });

  it('wants every part, their sum, and no more time than there was', () => {
    fails(bootTimesAddUp, answer({ initrdMs: 0 }), /nothing known of initrdMs/);
    fails(bootTimesAddUp, answer({ loginMs: undefined }), /nothing known of loginMs/);
    fails(bootTimesAddUp, answer({ kernelToLoginMs: 7000 }), /the parts take 6370 ms, the whole 7000 ms/);
    fails(bootTimesAddUp, answer({}, '6.30'), /up 6.30 s/);
    const judgement = bootTimesAddUp.judge({ output: 'not found', exitCode: 127 }, expected);
    assert.deepEqual(judgement, { passed: false, detail: 'not found' });
    for (const line of ['', 'hello', '7']) fails(bootTimesAddUp, `${line}\n9.00`, /that is no JSON/);
  });
});
