import { defineRecipe, disable, script, sh, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'lvm2',
  license: 'LGPL-2.1-only AND GPL-2.0-only',
  description: 'libdevmapper alone, which encrypted drives are opened through',
  builds: {
    // Not in LFS. Without udev: devtmpfs makes the node, and the library the name in /dev/mapper.
    // No check: its tests ask for libaio, and for devices as root.
    final: script({
      needs: ['glibc', 'pkgconf'],
      configure: sh`
        ./configure --prefix=/usr --libdir=/usr/lib --enable-pkgconfig --enable-write_install --with-optimisation= \
          ${disable('readline', 'selinux', 'dmeventd', 'fsadm', 'systemd-journal')} \
          ${disable('sd-notify', 'app-machineid', 'blkid_wiping', 'nvme-wwid')} \
          ${without('udev', 'blkid', 'systemd', 'libnvme')}
      `,
      build: sh`make libdm.device-mapper`,
      install: sh`make -C libdm DESTDIR=$OUT install`,
    }),
  },
});
