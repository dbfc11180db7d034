import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '#base';
import { checkKernelConfig } from './dropped-requests.ts';
import { mergeFragments } from './merge-fragments.ts';

const requested = unwrap(
  mergeFragments([
    {
      file: 'usb-boot.config',
      text: 'CONFIG_USB=y\nCONFIG_USB_UAS=y\n# CONFIG_MODULES is not set\nCONFIG_NR=64\n',
    },
  ]),
);

test('a .config that keeps every request passes, and what nobody asked for does not matter', () => {
  const text = 'CONFIG_USB=y\nCONFIG_USB_UAS=y\nCONFIG_NR=64\nCONFIG_OTHER=y\n';
  assert.deepEqual(checkKernelConfig(requested, { file: '.config', text }), { ok: true, value: undefined });
});

test('each request that was dropped, changed or set against our wish is named with its place', () => {
  const text = 'CONFIG_USB=m\n# CONFIG_USB_UAS is not set\nCONFIG_MODULES=y\nCONFIG_NR=8\n';
  const result = checkKernelConfig(requested, { file: '.config', text });
  assert.equal(result.ok, false);
  assert.equal(result.problem.kind, 'kernel-option-dropped');
  assert.deepEqual(result.problem.details, [
    'usb-boot.config:3: # CONFIG_MODULES is not set (resulting: CONFIG_MODULES=y)',
    'usb-boot.config:4: CONFIG_NR=64 (resulting: CONFIG_NR=8)',
    'usb-boot.config:1: CONFIG_USB=y (resulting: CONFIG_USB=m)',
    'usb-boot.config:2: CONFIG_USB_UAS=y (resulting: # CONFIG_USB_UAS is not set)',
  ]);
});

test('an option that the .config does not know counts as dropped', () => {
  const result = checkKernelConfig(requested, { file: '.config', text: 'CONFIG_USB=y\nCONFIG_NR=64\n' });
  assert.equal(result.ok, false);
  assert.equal(result.problem.details?.length, 1);
});
