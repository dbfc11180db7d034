import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unwrap } from '#base';
import { formatRequests, mergeFragments } from '#kernel';
import { X86_64 } from '#recipe';
import minimal from '../../config/profiles/minimal.ts';
import linux from '../../recipes/linux/recipe.ts';
import { runShell, temporaryFolder } from './shell.ts';

const requests = 'CONFIG_USB=y\nCONFIG_NR_CPUS=64\n# CONFIG_MODULES is not set\n# CONFIG_GONE is not set\n';

/** Runs the configure phase with a make whose olddefconfig gives this .config. */
function configure(config: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'kernel.config'), requests);
  writeFileSync(join(folder, 'resulting'), config);
  const phase = linux.builds.system?.({ stage: 'system', target: X86_64 }).phases.configure ?? '';
  const make = `case $1 in tinyconfig) echo CONFIG_TINY=y > .config ;; olddefconfig) cp resulting .config ;; esac`;
  return runShell('bash', `set -eu -o pipefail\ncd ${folder}\nPROFILE=${folder}\n${phase}`, {
    tools: { make },
  });
}

test('a .config that keeps every request lets the build go on', () => {
  assert.equal(configure('CONFIG_USB=y\nCONFIG_NR_CPUS=64\n# CONFIG_MODULES is not set\n').status, 0);
});

test('each request that olddefconfig dropped is named, and the build ends', () => {
  const { status, stdout } = configure('CONFIG_USB=m\nCONFIG_NR_CPUS=641\nCONFIG_MODULES=y\n');
  assert.equal(status, 1);
  assert.deepEqual(stdout.trim().split('\n'), [
    'Dropped by olddefconfig: CONFIG_USB=y',
    'Dropped by olddefconfig: CONFIG_NR_CPUS=64',
    'Dropped by olddefconfig: # CONFIG_MODULES is not set',
    '3 requests of the kernel fragments did not survive.',
  ]);
});

test('the fragments of minimal are read, and ask for the way to a USB drive without modules', () => {
  const folder = join(import.meta.dirname, '../../config/kernel');
  const fragments = minimal.kernel.fragments.map((name) => ({
    file: `${name}.config`,
    text: readFileSync(join(folder, `${name}.config`), 'utf8'),
  }));
  const merged = formatRequests(unwrap(mergeFragments(fragments)));
  for (const option of [
    'USB_XHCI_HCD',
    'USB_STORAGE',
    'USB_UAS',
    'BLK_DEV_SD',
    'EXT4_FS',
    'EFI_STUB',
    'VFAT_FS',
  ]) {
    assert.match(merged, new RegExp(`^CONFIG_${option}=y$`, 'm'));
  }
  assert.match(merged, /^# CONFIG_MODULES is not set$/m);
});
