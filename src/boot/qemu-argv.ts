import type { Machine } from './machine.ts';

/** The command line of QEMU for a machine. Pure: the same machine always gives the same words. */
export function qemuArgv(machine: Machine): readonly string[] {
  return [
    'qemu-system-x86_64',
    ...['-name', 'blazeneuro'],
    // Nothing but what is named here: no network card, no drives, no settings of the host.
    ...['-no-user-config', '-nodefaults'],
    ...boardWords(machine),
    ...['-m', String(machine.memoryMiB)],
    ...['-smp', String(machine.cpus)],
    ...firmwareWords(machine),
    ...kernelWords(machine),
    ...driveWords(machine),
    ...secondDriveWords(machine),
    // A screen nobody looks at: the framebuffer console and the login on tty1 need one to be there.
    ...['-device', 'VGA', '-display', 'none'],
    ...serialWords(machine),
    ...secondSerialWords(machine),
    ...controlWords(machine),
    ...networkWords(machine),
    ...bootWords(machine),
    ...(machine.endsOnReboot ? ['-no-reboot'] : []),
  ];
}

function boardWords({ accel, firmware }: Machine): readonly string[] {
  // The 32-bit OVMF of Debian is built for Secure Boot, which lives in system management mode.
  const smm = firmware.kind === 'uefi32' ? 'on' : 'off';
  // The oldest processor that x86-64 software must run on, so that a program built for a newer one is found out;
  // RDRAND only saves the guest the wait for entropy.
  const cpu = accel === 'kvm' ? 'host' : 'qemu64,+rdrand';
  // Linux patches its own code under a breakpoint. With a thread for each processor, TCG may still run the old
  // translation of it when the kernel is done, and the kernel dies of an int3 that nobody knows any more.
  const how = accel === 'tcg' ? 'tcg,thread=single' : accel;
  return ['-machine', `q35,smm=${smm}`, '-accel', how, '-cpu', cpu];
}

function firmwareWords({ firmware }: Machine): readonly string[] {
  if (firmware.kind === 'bios') return [];
  const flash = (unit: number, path: string, rest: string) => [
    '-drive',
    `if=pflash,unit=${unit},format=raw,file=${escapeComma(path)}${rest}`,
  ];
  return [
    ...flash(0, firmware.codePath, ',readonly=on'),
    ...flash(1, firmware.varsPath, ''),
    // Such a firmware refuses variables that anybody but system management mode can write.
    ...(firmware.kind === 'uefi32' ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []),
  ];
}

function kernelWords({ kernel }: Machine): readonly string[] {
  if (kernel === undefined) return [];
  const { kernelPath, initrdPath, commandLine } = kernel;
  return ['-kernel', kernelPath, '-initrd', initrdPath, '-append', commandLine];
}

function driveWords(machine: Machine): readonly string[] {
  const { drive } = machine;
  if (drive.logPath !== undefined) return loggedDriveWords(machine, drive.logPath);
  const settings = [
    'if=none',
    'id=stick',
    `file=${escapeComma(drive.path)}`,
    `format=${drive.format}`,
    // The guest's flushes end in the host's page cache: a copy for one test need not survive the host.
    'cache=unsafe',
    'discard=unmap',
    ...(drive.forgetful ? ['snapshot=on'] : []),
    ...(drive.bytesPerSecond === undefined ? [] : [`throttling.bps-total=${drive.bytesPerSecond}`]),
  ];
  return ['-drive', settings.join(','), ...busWords(machine)];
}

/**
 * A drive whose writes are logged, in the order in which they were done. The log sees the guest's flushes, but neither
 * file is flushed to the host's drive: so a flush is done at once, and its place in the log is the moment at which the
 * guest asked for it. Zeroing and discarding are switched off: QEMU before 9.1 mixes up its log when it writes zeroes
 * (its commit 23a512f418da).
 */
function loggedDriveWords(machine: Machine, logPath: string): readonly string[] {
  const file = (filename: string) => ({ driver: 'file', filename, cache: { 'no-flush': true } });
  const files = { file: file(machine.drive.path), log: file(logPath) };
  const node = { driver: 'blklogwrites', 'node-name': 'stick', ...files };
  // A stick says here that it has no cache, as most do: what is written is safe at once, and Linux never flushes it.
  const settings = {
    virtio: 'discard=off,write-zeroes=off',
    usb: 'write-cache=off',
    ehci: 'write-cache=off',
  };
  const setting = Object.entries(settings).find(([bus]) => bus === machine.bus)?.[1];
  const words = busWords(machine);
  const device = `${words.at(-1)}${setting === undefined ? '' : `,${setting}`}`;
  return ['-blockdev', JSON.stringify(node), ...words.slice(0, -1), device];
}

function busWords(machine: Machine): readonly string[] {
  const bootIndex = `bootindex=${bootIndexes(machine).stick}`;
  const place = `drive=stick,${bootIndex}`;
  const stick = `usb-storage,bus=usb.0,drive=stick,removable=on,${bootIndex}`;
  switch (machine.bus) {
    case 'usb':
      return ['-device', 'qemu-xhci,id=usb', '-device', stick];
    case 'ehci':
      return ['-device', 'usb-ehci,id=usb', '-device', stick];
    case 'nvme':
      return ['-device', `nvme,serial=blazeneuro,${place}`];
    case 'sata':
      // The board's own AHCI controller is `ide`.
      return ['-device', `ide-hd,bus=ide.0,${place}`];
    case 'ide':
      return ['-device', 'piix3-ide,id=old', '-device', `ide-hd,bus=old.0,${place}`];
    case 'virtio':
      return ['-device', `virtio-blk-pci,${place}`];
    case 'scsi':
      return ['-device', 'virtio-scsi-pci,id=scsi', '-device', `scsi-hd,bus=scsi.0,${place}`];
    case 'sd':
      return ['-device', 'sdhci-pci', '-device', 'sd-card,drive=stick'];
  }
}

/** Only the drive is started from, whatever else the firmware would try. Of an SD card QEMU cannot tell it that. */
function bootWords({ bus }: Machine): readonly string[] {
  return bus === 'sd' ? [] : ['-boot', 'strict=on'];
}

/** The order in which the firmware tries drives. A kernel that QEMU starts by itself is the first to boot. */
function bootIndexes({ kernel, secondDrive }: Machine): { readonly stick: number; readonly second: number } {
  const first = kernel === undefined ? 0 : 1;
  const isSecondChosen = secondDrive?.bus === 'usb' && secondDrive.isChosen === true;
  return isSecondChosen ? { stick: first + 1, second: first } : { stick: first, second: first + 1 };
}

/** On a controller of its own, so that it can be added to any machine. */
function secondDriveWords(machine: Machine): readonly string[] {
  const { secondDrive } = machine;
  if (secondDrive === undefined) return [];
  const { path, bus } = secondDrive;
  return [
    ...['-drive', `if=none,id=second,file=${escapeComma(path)},format=raw,cache=unsafe,discard=unmap`],
    ...['-device', 'qemu-xhci,id=other'],
    ...(bus === 'usb'
      ? [
          '-device',
          `usb-storage,bus=other.0,drive=second,removable=on,bootindex=${bootIndexes(machine).second}`,
        ]
      : ['-device', 'usb-uas,bus=other.0,id=uas', '-device', 'scsi-hd,bus=uas.0,drive=second']),
  ];
}

function serialWords({ serial }: Machine): readonly string[] {
  switch (serial.kind) {
    case 'stdio':
      return ['-chardev', 'stdio,id=serial,signal=off', '-serial', 'chardev:serial'];
    case 'terminal':
      // Ctrl-A is QEMU's own key here: Ctrl-A X ends it, Ctrl-A C talks to it.
      return ['-serial', 'mon:stdio'];
    case 'socket':
      return [
        ...['-chardev', `socket,id=serial,path=${escapeComma(serial.path)},server=on,wait=on`],
        ...['-serial', 'chardev:serial'],
      ];
  }
}

function secondSerialWords({ secondSerial }: Machine): readonly string[] {
  if (secondSerial === undefined) return [];
  return ['-chardev', `socket,id=serial2,fd=${secondSerial.fd}`, '-serial', 'chardev:serial2'];
}

function controlWords({ control }: Machine): readonly string[] {
  if (control === null) return [];
  const socket =
    'fd' in control ? `fd=${control.fd}` : `path=${escapeComma(control.path)},server=on,wait=off`;
  return ['-chardev', `socket,id=control,${socket}`, '-mon', 'chardev=control,mode=control'];
}

function networkWords({ network }: Machine): readonly string[] {
  switch (network) {
    case 'none':
      return ['-nic', 'none'];
    case 'user':
      return ['-nic', 'user,model=e1000e'];
    case 'closed':
      return [
        // Each connection to the port of RFC 862 gets a cat of its own.
        ...['-netdev', 'user,id=net,restrict=on,guestfwd=tcp:10.0.2.100:7-cmd:cat'],
        // Without the card's own program, which would take its time to look for something to boot.
        ...['-device', 'e1000e,netdev=net,romfile='],
      ];
  }
}

/** In the words of QEMU, a comma parts settings, and two are one of a name. */
function escapeComma(path: string): string {
  return path.replaceAll(',', ',,');
}
