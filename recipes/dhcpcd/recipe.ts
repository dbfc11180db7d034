import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'dhcpcd',
  license: 'BSD-2-Clause',
  description: 'Asks the network for an address, for IPv4 and IPv6',
  builds: {
    // Not in LFS. Its configure, written by hand, takes the flags of the environment.
    final: script({
      needs: ['glibc', 'pkgconf'],
      // Random numbers of glibc 2.41 and newer hold back signals for a moment, and a process that does what its filter does
      // not know is killed: dhcpcd's issue 421, mended in 10.2.
      prepare: sh`
        sed -i 's/^#ifdef __NR_rt_sigreturn$/SECCOMP_ALLOW(__NR_rt_sigprocmask),\n&/' src/privsep-linux.c
        grep -q 'SECCOMP_ALLOW(__NR_rt_sigprocmask)' src/privsep-linux.c
      `,
      configure: sh`
        ./configure --prefix=/usr --sysconfdir=/etc --libexecdir=/usr/libexec/dhcpcd --dbdir=/var/lib/dhcpcd \
          --runstatedir=/run --mandir=/usr/share/man --privsepuser=dhcpcd --without-udev --without-openssl
      `,
      build: sh`make`,
      install: sh`
        make DESTDIR=$OUT BINMODE=0755 install
        install -D -m 755 $FILES/dhcpcd $OUT/etc/init.d/dhcpcd
      `,
      // What it knows of networks is for its own eyes.
      exceptions: { '/var/lib/dhcpcd': { mode: '0700', uid: 52, gid: 52 } },
    }),
  },
});
