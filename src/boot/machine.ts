import type { HostPath } from '#base';

/** The firmwares of a PC that a stick must start under. `uefi32`: 32-bit UEFI in front of a 64-bit processor. */
export const FIRMWARES = ['uefi', 'uefi32', 'bios'] as const;
export type Firmware = (typeof FIRMWARES)[number];

/**
 * How the image hangs on the machine: a stick on USB 3 or USB 2, an SD card in the machine's reader, or a disk; `ide` is
 * the controller before SATA, `virtio` and `scsi` are those of virtual machines.
 */
export const BUSES = ['usb', 'ehci', 'sd', 'nvme', 'sata', 'ide', 'virtio', 'scsi'] as const;
export type Bus = (typeof BUSES)[number];

/** Who runs the guest's instructions: the processor, or QEMU's translator. */
export type Accel = 'kvm' | 'tcg';

/** What may be asked for; `auto` takes KVM where it works. */
export const ACCEL_CHOICES = ['auto', 'kvm', 'tcg'] as const;
export type AccelChoice = (typeof ACCEL_CHOICES)[number];

/** The firmware's files. QEMU brings SeaBIOS itself; UEFI keeps its variables in a file that it writes. */
export type FirmwareFiles =
  | { readonly kind: 'bios' }
  | { readonly kind: 'uefi' | 'uefi32'; readonly codePath: HostPath; readonly varsPath: HostPath };

/** The drive that the guest starts from. */
export type GuestDrive = {
  readonly path: HostPath;
  readonly format: 'raw' | 'qcow2';
  /** What the guest writes goes to a temporary file of QEMU's and is forgotten. */
  readonly forgetful: boolean;
  /** How fast it is, both ways together; absent: as fast as the host. */
  readonly bytesPerSecond?: number;
  /** An empty file: every write and flush goes there too, in the form of dm-log-writes. For `raw` only. */
  readonly logPath?: HostPath;
};

/** A kernel that QEMU starts by itself: quick, and nothing of the firmware's menu or of the loader takes part. */
export type DirectKernel = {
  readonly kernelPath: HostPath;
  readonly initrdPath: HostPath;
  readonly commandLine: string;
};

/** A drive beside the stick. No firmware of QEMU starts from a UAS drive. */
export type SecondDrive =
  | { readonly path: HostPath; readonly bus: 'uas' }
  | {
      readonly path: HostPath;
      readonly bus: 'usb';
      /** The firmware starts this one, and not the stick; absent: only where it cannot start the stick. */
      readonly isChosen?: boolean;
    };

/**
 * What the guest's network card leads to: QEMU's own network, with a way out of it (`user`) or without (`closed`), where
 * one address gives back what it is sent; or there is no card.
 */
export type Network = 'none' | 'user' | 'closed';

/** Where the guest's first serial port leads: to QEMU's own stdin and stdout, with or without its monitor, or a socket. */
export type SerialPort =
  | { readonly kind: 'stdio' }
  | { readonly kind: 'terminal' }
  | { readonly kind: 'socket'; readonly path: HostPath };

/** A PC in QEMU: everything that decides its command line. */
export type Machine = {
  readonly firmware: FirmwareFiles;
  readonly bus: Bus;
  readonly accel: Accel;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly drive: GuestDrive;
  readonly secondDrive?: SecondDrive;
  readonly serial: SerialPort;
  /** A second serial port, for programs: a descriptor that QEMU inherits. */
  readonly secondSerial?: { readonly fd: number };
  /** Without one, the firmware starts what is on the drive. */
  readonly kernel?: DirectKernel;
  /** QEMU's own control socket: a descriptor that it inherits, a path, or none. */
  readonly control: { readonly fd: number } | { readonly path: HostPath } | null;
  readonly network: Network;
  /** A guest that wants to restart ends QEMU instead. */
  readonly endsOnReboot: boolean;
};

/** What a machine has unless it is said otherwise. */
export const DEFAULT_MACHINE = {
  bus: 'usb',
  memoryMiB: 512,
  cpus: 2,
  network: 'none',
} as const satisfies Partial<Machine>;
