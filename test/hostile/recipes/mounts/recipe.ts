import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Mounts, by the old call and by the new ones, and takes a mount away.
export default defineRecipe({
  name: 'mounts',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        mount -t tmpfs hostile /tmp || mount --bind / /tmp || umount /proc || mount -o remount,rw / ||
          perl -e 'exit(syscall(428, -100, "/", 1) < 0)' || perl -e 'exit(syscall(430, "tmpfs", 0) < 0)'
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
