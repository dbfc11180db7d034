import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { digestOfBytes } from '#base';
import { guid, layOut } from '#disk';
import { placeBiosBoot } from './grub.ts';
import { grubCfg } from './grub-cfg.ts';
import { hasProgram } from './testing.ts';

const request = {
  rootPartition: guid('16ee1c7c-eea2-81aa-8e55-8d34fb9db8e1'),
  hasInitrd: true,
  commandLine: ['quiet', 'usb-storage.delay_use=0', "dyndbg='file x.c +p'"],
};
const layout = layOut({ espSizeBytes: 2 ** 26, rootSizeBytes: 2 ** 27, seed: digestOfBytes('a seed') });

test('the menu is hidden, takes its files from where GRUB was loaded, and knows four ways to start', () => {
  const common =
    'rootfstype=ext4 rootwait ro gpt usb-storage.delay_use=100ms console=tty0 console=ttyS0,115200';
  const root = `root=PARTUUID=16ee1c7c-eea2-81aa-8e55-8d34fb9db8e1 ${common}`;
  const own = "usb-storage.delay_use=0 'dyndbg='\\''file x.c +p'\\'''";
  const menu = grubCfg(request);
  assert.doesNotMatch(menu, /search|\(hd/);
  assert.equal(
    menu.slice(menu.indexOf('set default')),
    `set default=normal
set timeout_style=hidden
set timeout=0
if keystatus --shift; then
  set menu_wanted=yes
fi
if [ "$menu_wanted" = yes ]; then
  set timeout_style=menu
  set timeout=-1
fi

# A machine without a serial port has no use for it, and would wait for it.
if serial --unit=0 --speed=115200; then
  terminal_input --append serial
  terminal_output --append serial
fi

menuentry 'BlazeNeuro' --id normal --hotkey=n {
  linux /vmlinuz ${root} quiet ${own}
  initrd /initrd.img
}

menuentry 'BlazeNeuro, with all messages' --id verbose --hotkey=v {
  linux /vmlinuz ${root} verbose loglevel=7 ${own}
  initrd /initrd.img
}

menuentry 'BlazeNeuro, rescue shell' --id rescue --hotkey=r {
  linux /vmlinuz ${root} rescue ${own}
  initrd /initrd.img
}

# An update leaves the kernel before it here.
if [ -f /vmlinuz.old -a -f /initrd.old.img ]; then
  set fallback=3
  menuentry 'BlazeNeuro, the previous kernel' --id previous --hotkey=p {
    linux /vmlinuz.old ${root} ${own}
    initrd /initrd.old.img
  }
fi

# UEFI tells nobody that Shift is held, and Esc is often its own key, but any letter can be an entry's.
if [ "$menu_wanted" != yes ]; then
  menuentry 'Show the menu' --id menu --hotkey=m {
    set menu_wanted=yes
    export menu_wanted
    configfile $prefix/grub.cfg
  }
fi
`,
  );
});

test('without an initrd the kernel mounts the root for writing', () => {
  const menu = grubCfg({ ...request, hasInitrd: false });
  assert.match(menu, / rootwait rw gpt /);
  assert.doesNotMatch(menu, /initrd \//);
  assert.match(menu, / rescue .* single$/m);
  assert.match(menu, /if \[ -f \/vmlinuz\.old \]; then/);
});

test('GRUB can read its menu', { skip: !hasProgram('grub-script-check') }, () => {
  const checked = spawnSync('grub-script-check', [], { input: grubCfg(request), encoding: 'utf8' });
  assert.equal(checked.stderr + checked.stdout, '');
  assert.equal(checked.status, 0);
});

test('boot.img finds core.img, and core.img the rest of itself', () => {
  const { bootCode, core } = placeBiosBoot(Buffer.alloc(512, 0xaa), Buffer.alloc(512 * 3 + 1, 0xbb), layout);
  const boot = Buffer.from(bootCode);
  assert.equal(boot.length, 440);
  assert.equal(boot.readBigUInt64LE(0x5c), 34n);
  assert.deepEqual([boot[0x65], boot[0x66], boot[0x67], boot[0x68]], [0xaa, 0x90, 0x90, 0xaa]);
  const bytes = Buffer.from(core.bytes);
  assert.equal(core.startSector, 34);
  assert.equal(bytes.length, 4 * 512);
  assert.equal(bytes.readBigUInt64LE(500), 35n);
  assert.equal(bytes.readUInt16LE(508), 3);
  assert.equal(bytes.readUInt16LE(510), 0x0820);
  assert.deepEqual([bytes[499], bytes[512], bytes[512 * 3 + 1]], [0xbb, 0xbb, 0]);
});

test('a core.img that is larger than its partition is refused', () => {
  assert.throws(() => placeBiosBoot(Buffer.alloc(512), Buffer.alloc(2015 * 512), layout), RangeError);
});
