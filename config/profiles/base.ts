import { extendProfile } from 'blazeneuro/recipe';
import minimal from './minimal.ts';

export default extendProfile(minimal, {
  name: 'base',
  description: 'A system to live in: modules, network, ssh, editors, manuals, encrypted drives',
  kernel: { ...minimal.kernel, build: 'system/linux-modular' },
  add: {
    packages: [
      // Files and texts.
      'final/diffutils',
      'final/file',
      'final/less',
      'final/make',
      'final/man-pages',
      'final/mandoc',
      'final/nano',
      'final/patch',
      // The network, and who may use it.
      'final/ca-certificates',
      'final/curl',
      'final/dhcpcd',
      'final/iproute2',
      'final/iw',
      'final/libnl',
      'final/opendoas',
      'final/openssh',
      'final/openssl',
      'final/popt',
      'final/rsync',
      'final/wpa_supplicant',
      // Devices, drives and processes.
      'final/busybox',
      'final/cronie',
      'final/cryptsetup',
      'final/json-c',
      'final/kbd',
      'final/kmod',
      'final/libzstd',
      'final/lvm2',
      'final/psmisc',
      // What makes a system of them.
      'system/accounts',
      'system/blazeneuro-tool',
      'system/devices',
      'system/linux-modular',
      'system/manual-index',
      'system/network',
      'system/services',
    ],
    exclude: [
      // For programmers, and in other languages.
      '/usr/share/man/man2',
      '/usr/share/man/man3',
      '/usr/share/man/??',
      '/usr/share/man/??_??',
      // There is no systemd.
      '/usr/lib/systemd',
    ],
    // Modules for the hardware of most PCs, over what minimal has built in: the way to the root stays built in.
    fragments: ['modules', 'network', 'wifi', 'hardware'],
    accounts: [
      { name: 'sshd', id: 50, description: 'ssh before a login', home: '/var/lib/sshd' },
      { name: 'dhcpcd', id: 52, description: 'dhcpcd', home: '/var/lib/dhcpcd' },
    ],
  },
  remove: {
    packages: ['system/linux'],
    exclude: ['/usr/share/man'],
    // Lockdown takes signed modules only, and the key that signs them would be another in every build.
    fragments: ['lockdown'],
  },
});
