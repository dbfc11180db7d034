import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Writes wherever it should not: system, home, other builds, the kernel.
export default defineRecipe({
  name: 'write-outside',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        for place in / /dev /etc /usr /usr/bin /usr/local /mnt/lfs /mnt /proc/sys/kernel /root @STORE@ @STORE@/staging; do
          if (echo x > $place/hostile); then exit 0; fi
        done
        echo x > /proc/sys/kernel/hostname || echo x > /proc/sysrq-trigger || echo x >> /etc/passwd || echo x >> /usr/bin/sh
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
