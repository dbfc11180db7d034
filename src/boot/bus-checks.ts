import { failed, type GuestCheck, passed } from './check.ts';
import type { Bus } from './machine.ts';

/** The driver of Linux that answers for each bus: the one of the PCI device that the drive hangs on. */
const DRIVERS: Readonly<Record<Bus, string>> = {
  usb: 'xhci_hcd',
  ehci: 'ehci-pci',
  sd: 'sdhci-pci',
  nvme: 'nvme',
  sata: 'ahci',
  ide: 'ata_piix',
  virtio: 'virtio-pci',
  scsi: 'virtio-pci',
};

/** The root file system comes by the bus that the image was attached to. */
export function rootIsOnBus(bus: Bus): GuestCheck {
  return {
    name: `root file system comes by ${bus}`,
    // A block device's path in sysfs begins with the PCI devices that lead to it.
    command:
      'p=$(readlink -f "/sys/dev/block/$(mountpoint -d /)"); ' +
      'readlink "$(echo "$p" | grep -oE \'^/sys/devices/pci[^/]+(/[0-9a-f]{4}:[0-9a-f:.]+)+\')/driver"',
    judge: ({ output }) => {
      const driver = output.trim().split('/').at(-1) ?? '';
      return driver === DRIVERS[bus] ? passed(driver) : failed(`by ${output.trim()}, not ${DRIVERS[bus]}`);
    },
  };
}

/** A drive of this size is there, by UAS, and can be read. */
export function secondDriveIsSeen(sizeMiB: number): GuestCheck {
  return {
    name: 'a second drive, by UAS, is seen and can be read',
    // The device of a disk is its SCSI unit; above it are target, host, and the USB interface that has the driver.
    command:
      `for s in /sys/block/sd*/size; do [ "$(cat "$s")" = ${sizeMiB * 2048} ] || continue; d=$(dirname "$s"); ` +
      'basename "$(readlink -f "$(readlink -f "$d/device")/../../../driver")"; ' +
      'dd if="/dev/$(basename "$d")" bs=1M status=none | wc -c; done',
    judge: ({ output }) => {
      const [driver, bytes] = output.split('\n').map((line) => line.trim());
      const isWhole = bytes === String(sizeMiB * 1024 * 1024);
      return driver === 'uas' && isWhole ? passed(`${bytes} bytes`) : failed(`found: ${output}`);
    },
  };
}
