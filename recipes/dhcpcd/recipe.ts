import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'dhcpcd',
  license: 'BSD-2-Clause',
  description: 'Asks the network for an address, for IPv4 and IPv6',
  builds: {
    // Not in LFS. Its configure, written by hand, takes the flags of the environment.
    final: script({
      needs: ['glibc', 'pkgconf'],
      // glibc asks for random numbers in the vDSO since 2.41, with signals blocked, and for how many processors it has
      // to keep some: without these two the kernel ends the program at its first lease (upstream's issue 421).
      prepare: sh`
        sed -i '/^#ifdef __NR_rt_sigreturn$/i SECCOMP_ALLOW(__NR_rt_sigprocmask), SECCOMP_ALLOW(__NR_sched_getaffinity),' \
          src/privsep-linux.c
        grep -q 'ALLOW(__NR_rt_sigprocmask)' src/privsep-linux.c
      `,
      configure: sh`
        ./configure --prefix=/usr --sysconfdir=/etc --libexecdir=/usr/libexec/dhcpcd --dbdir=/var/lib/dhcpcd \
          --runstatedir=/run --mandir=/usr/share/man --privsepuser=dhcpcd --without-udev --without-openssl
      `,
      build: sh`make`,
      check: sh`make -C tests/crypt test`,
      install: sh`
        make DESTDIR=$OUT BINMODE=0755 install
        install -D -m 755 $FILES/dhcpcd $OUT/etc/init.d/dhcpcd
      `,
      // What it knows of networks is for its own eyes.
      exceptions: { '/var/lib/dhcpcd': { mode: '0700', uid: 52, gid: 52 } },
    }),
  },
});
