import { autotools, defineRecipe, disable, sh, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'libarchive',
  license: 'BSD-2-Clause',
  description: 'mke2fs reads a tar with it',
  builds: {
    // Not in LFS. Only the library, with nothing that it could find of the temporary system.
    final: autotools({
      needs: ['glibc', 'zlib'],
      configure: [
        ...disable('static', 'bsdtar', 'bsdcpio', 'bsdcat', 'bsdunzip', 'acl', 'xattr'),
        ...without('bz2lib', 'libb2', 'lz4', 'zstd', 'lzma', 'cng', 'openssl', 'xml2', 'expat'),
      ],
      check: sh`make check`,
    }),
  },
});
