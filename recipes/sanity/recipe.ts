import { defineRecipe, script, sh } from 'blazeneuro/recipe';

/** What a gate leaves: a report, so that whoever builds on it has it in the sysroot, and waits for it. */
const leaveReport = (name: string) => sh`
  mkdir -p $OUT/usr/share/blazeneuro/sanity
  cp report $OUT/usr/share/blazeneuro/sanity/${name}
`;

export default defineRecipe({
  name: 'sanity',
  license: 'MIT',
  description: 'Gates: the compilers make the programs that they should',
  sources: {},
  builds: {
    // LFS chapter05/glibc and chapter05/gcc-pass1, where the book asks people to look.
    toolchain: script({
      needs: ['binutils', 'gcc', 'glibc', 'libstdcxx', 'linux-headers'],
      build: sh`bash $FILES/toolchain.sh`,
      install: leaveReport('toolchain'),
    }),
    // LFS chapter08/gcc: the same questions, to the compiler that builds the final system.
    temporary: script({
      sandbox: 'chroot',
      build: sh`bash $FILES/temporary.sh`,
      install: leaveReport('temporary'),
    }),
    // LFS chapter08/gcc: the same questions again, of what ships: the final C library and the hardened flags.
    final: script({
      needs: ['gcc-libs', 'glibc'],
      build: sh`bash $FILES/final.sh`,
      install: leaveReport('final'),
    }),
  },
});
