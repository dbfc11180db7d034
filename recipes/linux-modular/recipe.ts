import { defineRecipe, linuxKernel } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'linux-modular',
  license: 'GPL-2.0-only WITH Linux-syscall-note',
  description: 'The kernel with modules, of tinyconfig and the fragments that the profile names',
  sources: { '.': 'linux' },
  builds: {
    // LFS chapter10/kernel. perl, gawk, bison and m4 are the temporary ones.
    system: linuxKernel({
      modules: true,
      needs: [
        'final/bc',
        'final/elfutils',
        'final/flex',
        'final/glibc',
        'final/kmod',
        'final/zlib',
        'final/zstd',
      ],
    }),
  },
});
