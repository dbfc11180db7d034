import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'busybox',
  license: 'GPL-2.0-only',
  description: 'Some programs of it: mdev for devices, syslogd, klogd, vi, ping and its like',
  builds: {
    // Not in LFS. files/config says what is in it; all else of busybox this system has from others.
    final: script({
      needs: ['glibc'],
      env: { KCONFIG_NOTIMESTAMP: '1' },
      // Its help and its configuration could be in it, packed by bzip2, which is not here. Neither is, so any packer does.
      prepare: sh`sed -i 's/bzip2/gzip/' scripts/mkconfigs scripts/embedded_scripts applets/usage_compressed`,
      configure: sh`
        make allnoconfig
        # The first line of an option counts.
        cat $FILES/config .config > both
        mv both .config
        # What it asks for is part of what was asked for: its own answers do.
        make oldconfig < <(yes '')
        # An option that is not known any more, or that another one rules out.
        while IFS= read -r request; do
          case $request in CONFIG_*) grep -qxF -- "$request" .config ;; esac
        done < $FILES/config
      `,
      build: sh`make V=1 SKIP_STRIP=y busybox`,
      check: sh`make V=1 SKIP_STRIP=y SKIP_INTERNET_TESTS=1 check`,
      install: sh`
        install -D -m 755 busybox $OUT/usr/bin/busybox
        for name in hostname nslookup ping ping6 traceroute traceroute6 vi which; do
          ln -s busybox $OUT/usr/bin/$name
        done
        mkdir -p $OUT/usr/sbin
        for name in mdev syslogd klogd; do ln -s ../bin/busybox $OUT/usr/sbin/$name; done
        install -D -m 755 -t $OUT/etc/init.d $FILES/syslogd $FILES/klogd
      `,
    }),
  },
});
