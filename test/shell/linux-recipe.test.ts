import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unwrap } from '#base';
import { formatRequests, mergeFragments } from '#kernel';
import { type Profile, X86_64 } from '#recipe';
import base from '../../config/profiles/base.ts';
import minimal from '../../config/profiles/minimal.ts';
import linux from '../../recipes/linux/recipe.ts';
import modular from '../../recipes/linux-modular/recipe.ts';
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

const BOOT_OPTIONS = [
  'USB_XHCI_HCD',
  'USB_STORAGE',
  'USB_UAS',
  'BLK_DEV_SD',
  'EXT4_FS',
  'EFI_STUB',
  'VFAT_FS',
];

/** What a profile asks of the kernel, merged. */
function mergedRequests({ kernel }: Pick<Profile, 'kernel'>): string {
  const folder = join(import.meta.dirname, '../../config/kernel');
  const fragments = kernel.fragments.map((name) => ({
    file: `${name}.config`,
    text: readFileSync(join(folder, `${name}.config`), 'utf8'),
  }));
  return formatRequests(unwrap(mergeFragments(fragments)));
}

for (const profile of [minimal, base]) {
  test(`the fragments of ${profile.name} are read, and ask for the way to a USB drive without modules`, () => {
    const merged = mergedRequests(profile);
    for (const option of BOOT_OPTIONS) assert.match(merged, new RegExp(`^CONFIG_${option}=y$`, 'm'));
  });
}

test('only base has modules, and a kernel that installs them', () => {
  assert.match(mergedRequests(minimal), /^# CONFIG_MODULES is not set$/m);
  assert.match(mergedRequests(base), /^CONFIG_MODULES=y$/m);
  const phases = (recipe: typeof linux) =>
    recipe.builds.system?.({ stage: 'system', target: X86_64 }).phases ?? {};
  assert.doesNotMatch(phases(linux).install ?? '', /modules/);
  assert.match(phases(modular).install ?? '', /modules_install/);
  assert.match(phases(modular).build ?? '', /make bzImage modules$/m);
});
