import { defineRecipe, linuxKernel } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'linux',
  license: 'GPL-2.0-only WITH Linux-syscall-note',
  description: 'The kernel, of tinyconfig and the fragments that the profile names; no modules',
  builds: {
    // LFS chapter10/kernel. perl, gawk, bison and m4 are the temporary ones.
    system: linuxKernel({
      needs: ['final/bc', 'final/elfutils', 'final/flex', 'final/glibc', 'final/zlib', 'final/zstd'],
    }),
  },
});
