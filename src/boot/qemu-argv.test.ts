import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BUSES, FIRMWARES, type Firmware, type FirmwareFiles, type Machine } from './machine.ts';
import { qemuArgv } from './qemu-argv.ts';

const goldenPath = (name: string) => `${import.meta.dirname}/golden/${name}.txt`;
/** The words as they are, one a line: `fileSnapshot` would write them as JSON. */
const asText = { serializers: [(text: string) => `${text}\n`] };

const stick: Machine = {
  firmware: { kind: 'bios' },
  bus: 'usb',
  accel: 'tcg',
  memoryMiB: 512,
  cpus: 2,
  drive: { path: '/images/stick.img', format: 'raw', forgetful: false },
  serial: { kind: 'stdio' },
  control: { fd: 3 },
  network: 'none',
  endsOnReboot: true,
};

function filesOf(kind: Firmware): FirmwareFiles {
  return kind === 'bios'
    ? { kind }
    : { kind, codePath: `/fw/${kind}-code.fd`, varsPath: `/fw/${kind}-vars.fd` };
}

describe('the command line of QEMU', () => {
  for (const firmware of FIRMWARES) {
    it(`starts a stick under ${firmware}`, (test) => {
      const argv = qemuArgv({ ...stick, firmware: filesOf(firmware) });
      test.assert.fileSnapshot(argv.join('\n'), goldenPath(`stick-${firmware}`), asText);
    });
  }

  it('makes a drive as slow as it is told', () => {
    const argv = qemuArgv({ ...stick, drive: { ...stick.drive, bytesPerSecond: 30_000_000 } });
    assert.ok(argv.some((word) => /^if=none,id=stick,.*,throttling\.bps-total=30000000$/.test(word)));
    assert.ok(!qemuArgv(stick).some((word) => word.includes('throttling')));
  });

  for (const bus of BUSES) {
    it(`attaches the image by ${bus}`, (test) => {
      const argv = qemuArgv({ ...stick, bus });
      const devices = argv.slice(argv.indexOf('-drive'), argv.indexOf('VGA') - 1);
      test.assert.fileSnapshot(devices.join('\n'), goldenPath(`bus-${bus}`), asText);
    });
  }

  for (const bus of ['usb', 'uas'] as const) {
    it(`attaches a second drive by ${bus}`, (test) => {
      const argv = qemuArgv({ ...stick, secondDrive: { path: '/images/other.img', bus } });
      const devices = argv.slice(argv.lastIndexOf('-drive'), argv.indexOf('VGA') - 1);
      test.assert.fileSnapshot(devices.join('\n'), goldenPath(`second-${bus}`), asText);
    });
  }

  it('has the firmware start the second drive, where that one is chosen', () => {
    const secondDrive = { path: '/images/other.img', bus: 'usb', isChosen: true } as const;
    const argv = qemuArgv({ ...stick, secondDrive }).join('\n');
    assert.match(argv, /drive=stick,removable=on,bootindex=1$/m);
    assert.match(argv, /drive=second,removable=on,bootindex=0$/m);
  });

  it('gives a network that leads nowhere', (test) => {
    const argv = qemuArgv({ ...stick, network: 'closed' });
    const words = argv.slice(argv.indexOf('-netdev'), argv.indexOf('-boot'));
    test.assert.fileSnapshot(words.join('\n'), goldenPath('network-closed'), asText);
  });

  it('gives the terminal to a person, and forgets what is written', (test) => {
    const argv = qemuArgv({
      ...stick,
      accel: 'kvm',
      drive: { path: '/images/a,b.qcow2', format: 'qcow2', forgetful: true },
      serial: { kind: 'terminal' },
      control: null,
      network: 'user',
      endsOnReboot: false,
    });
    test.assert.fileSnapshot(argv.join('\n'), goldenPath('terminal'), asText);
  });

  it('writes down what a drive is asked for, and starts a kernel by itself', (test) => {
    const drive = { ...stick.drive, logPath: '/logs/a,b' };
    const kernel = { kernelPath: '/k/kernel', initrdPath: '/k/initrd', commandLine: 'ro quiet' };
    const argv = qemuArgv({ ...stick, bus: 'virtio', drive, kernel, secondSerial: { fd: 4 } });
    test.assert.fileSnapshot(argv.join('\n'), goldenPath('logged'), asText);
    const onUsb = qemuArgv({ ...stick, drive }).join('\n');
    assert.match(onUsb, /usb-storage,.*,write-cache=off$/m);
    assert.match(onUsb, /"driver":"blklogwrites"/);
  });

  it('can lead serial port and control through sockets', () => {
    const argv = qemuArgv({
      ...stick,
      serial: { kind: 'socket', path: '/run/s' },
      control: { path: '/run/q' },
    });
    assert.ok(argv.includes('socket,id=serial,path=/run/s,server=on,wait=on'));
    assert.ok(argv.includes('socket,id=control,path=/run/q,server=on,wait=off'));
  });
});
