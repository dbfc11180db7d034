import { defineRecipe, linuxKernel } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'tiny-linux',
  license: 'GPL-2.0-only WITH Linux-syscall-note',
  description: 'A kernel for QEMU alone, by the compiler of the host',
  sources: { '.': 'linux' },
  builds: {
    // LFS chapter10/kernel, with nothing below it.
    system: linuxKernel({ sandbox: 'cross', base: 'none' }),
  },
});
