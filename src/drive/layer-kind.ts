import type { BlockDevice } from './block-device.ts';

/** What kind of thing a device is that is built on others. */
export type LayerKind = 'raid' | 'lvm' | 'encrypted' | 'bcache' | 'held';

/** By its name, or by the prefix that each program gives the `uuid` of its mappings. */
export function layerKindOf({ name, mapping = '' }: Pick<BlockDevice, 'name' | 'mapping'>): LayerKind {
  if (/^md[\d_]/.test(name)) return 'raid';
  if (name.startsWith('bcache')) return 'bcache';
  if (mapping.startsWith('LVM-')) return 'lvm';
  if (mapping.startsWith('CRYPT-')) return 'encrypted';
  if (mapping.startsWith('DMRAID-')) return 'raid';
  return 'held';
}
