import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'etc',
  license: 'MIT',
  description: "The system's folders, and the files that no package owns",
  sources: {},
  builds: {
    // LFS chapter07/creatingdirs, chapter07/createfiles, chapter09.
    system: script({
      fromProfile: ['hostname', 'services', 'timezone'],
      install: sh`
        hostname=$(cat $PROFILE/hostname)
        timezone=$(cat $PROFILE/timezone)

        # /usr/lib64 must never exist; /lib64, of the loader's name alone, is glibc's.
        mkdir -p $OUT/usr/{bin,lib,sbin,libexec,share}
        for name in bin lib sbin; do ln -s usr/$name $OUT/$name; done
        mkdir -p $OUT/{boot/efi,dev,home,media,mnt,opt,proc,root,run,srv,sys,tmp}
        mkdir -p $OUT/usr/local/{bin,lib,sbin,share}
        mkdir -p $OUT/var/{cache,lib/blazeneuro,lib/hwclock,local,log,mail,opt,spool,tmp}
        ln -s ../run $OUT/var/run
        ln -s ../run/lock $OUT/var/lock

        # init speaks of inittab.d when it is not there. fstab is the image's, which knows the UUIDs.
        mkdir -p $OUT/etc/{blazeneuro,init.d,inittab.d,ld.so.conf.d,opt,profile.d}
        cp -r $FILES/etc/. $OUT/etc/
        sed -i "s/@HOSTNAME@/$hostname/" $OUT/etc/hosts
        cp $PROFILE/hostname $OUT/etc/hostname
        cp $PROFILE/services $OUT/etc/blazeneuro/services
        ln -s /usr/share/zoneinfo/$timezone $OUT/etc/localtime
        ln -s /proc/self/mounts $OUT/etc/mtab

        cp $FILES/os-release $OUT/usr/lib/os-release
        ln -s ../usr/lib/os-release $OUT/etc/os-release
      `,
      exceptions: {
        '/etc/gshadow': { mode: '0600' },
        '/etc/shadow': { mode: '0600' },
        '/root': { mode: '0700' },
        '/tmp': { mode: '1777' },
        '/var/lib/blazeneuro': { mode: '0700' },
        '/var/mail': { mode: '2775', gid: 34 },
        '/var/tmp': { mode: '1777' },
      },
    }),
  },
});
