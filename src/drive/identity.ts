import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type HostPath, plainText } from '#base';
import { orNothing, readAttribute, readBytes } from './read-attribute.ts';
import type { DriveWorld } from './world.ts';

/** How a drive is attached, or what makes it up. */
export type Bus =
  | 'usb'
  | 'sata'
  | 'nvme'
  | 'mmc'
  | 'virtio'
  | 'firewire'
  | 'scsi'
  | 'loop'
  | 'virtual'
  | 'other';

/** What tells one drive from another, as far as it says so. */
export type Identity = {
  readonly bus: Bus;
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  /** Of a loop device, which has none, the path of the file behind it. */
  readonly serial: string | undefined;
  /** A memory card that is made to be taken out: the kernel does not call it removable. */
  readonly isCard: boolean;
};

/** Reads what sysfs has on a disk: `device/`, the USB device above it, or the NVMe controller. */
export async function readIdentity(
  name: string,
  backingFile: HostPath | undefined,
  world: DriveWorld,
): Promise<Identity> {
  const block = join(world.sysFolder, 'block', name);
  const folder = (await orNothing(realpath(block))) ?? block;
  const bus = busOf(name, folder);
  const device = join(folder, 'device');
  if (bus === 'loop') {
    return { bus, vendor: undefined, model: undefined, serial: backingFile, isCard: false };
  }
  const usb = bus === 'usb' ? await usbDeviceAbove(folder, world) : undefined;
  const isMmc = bus === 'mmc';
  return {
    bus,
    vendor: (await words(join(device, 'vendor'), bus)) ?? (await usbWords(usb, 'manufacturer')),
    model: (await words(join(device, isMmc ? 'name' : 'model'), bus)) ?? (await usbWords(usb, 'product')),
    serial: await readSerial(folder, usb),
    // eMMC, which is soldered in, says MMC (Documentation/driver-api/mmc/mmc-dev-attrs.rst).
    isCard: isMmc && (await readAttribute(join(device, 'type'))) === 'SD',
  };
}

function busOf(name: string, folder: HostPath): Bus {
  if (name.startsWith('loop')) return 'loop';
  if (/\/usb\d+\//.test(folder)) return 'usb';
  if (name.startsWith('nvme')) return 'nvme';
  if (name.startsWith('mmcblk')) return 'mmc';
  if (/\/virtio\d+\//.test(folder)) return 'virtio';
  if (/\/ata\d+\//.test(folder)) return 'sata';
  if (/\/fw\d+[./]/.test(folder)) return 'firewire';
  if (folder.includes('/devices/virtual/')) return 'virtual';
  return name.startsWith('sd') ? 'scsi' : 'other';
}

/** virtio gives its number as `vendor`, which says nothing to people. */
async function words(path: HostPath, bus: Bus): Promise<string | undefined> {
  return bus === 'virtio' ? undefined : tidy(await readAttribute(path));
}

async function usbWords(usb: HostPath | undefined, name: string): Promise<string | undefined> {
  return usb === undefined ? undefined : tidy(await readAttribute(join(usb, name)));
}

/** The folder of the USB device that a disk belongs to: the nearest one above it that has a product number. */
async function usbDeviceAbove(folder: HostPath, world: DriveWorld): Promise<HostPath | undefined> {
  for (let above = dirname(folder); above.startsWith(world.sysFolder); above = dirname(above)) {
    if ((await readAttribute(join(above, 'idProduct'))) !== undefined) return above;
    if (above === dirname(above)) return undefined;
  }
  return undefined;
}

/**
 * The serial as other programs show it (`lsblk -o SERIAL`): that of the USB device, of the controller or card, or of
 * SCSI's page 0x80, whose text begins behind four bytes (SPC-4 §7.8.19). A name that is unique in the world will do.
 */
async function readSerial(folder: HostPath, usb: HostPath | undefined): Promise<string | undefined> {
  const ofUsb = await usbWords(usb, 'serial');
  if (ofUsb !== undefined) return ofUsb;
  for (const name of ['device/serial', 'serial']) {
    const serial = tidy(await readAttribute(join(folder, name)));
    if (serial !== undefined) return serial;
  }
  const page = tidy((await readBytes(join(folder, 'device/vpd_pg80')))?.subarray(4).toString('latin1'));
  if (page !== undefined) return page;
  return (
    tidy(await readAttribute(join(folder, 'wwid'))) ?? tidy(await readAttribute(join(folder, 'device/wwid')))
  );
}

/** Text of a device, which may hold anything: on one line, with single spaces; undefined when nothing is left. */
function tidy(text: string | undefined): string | undefined {
  const words = plainText(
    (text ?? '')
      .replaceAll(/[\0\p{Cf}]/gu, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
  return words === '' ? undefined : words;
}
