import { autotools, defineRecipe, disable, sh, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'rsync',
  license: 'GPL-3.0-or-later',
  builds: {
    // Not in LFS. Debian's copy has neither popt nor zlib in it, so both are ours from every origin.
    final: autotools({
      needs: ['glibc', 'openssl', 'pkgconf', 'popt', 'zlib'],
      configure: [
        ...without('included-popt', 'included-zlib'),
        ...disable('xxhash', 'zstd', 'lz4', 'idn', 'acl-support', 'md2man', 'debug'),
      ],
      // Two write extended attributes, which a sandbox refuses, and four ask for ctypes, which this python lacks.
      check: sh`
        export RSYNC_EXCLUDE=chown-fake,fake-super-backup-fifo-regression
        RSYNC_EXCLUDE+=,daemon-chroot,daemon-stdin-local-socket,macos-setgid-ordinary-mode-regression,preallocate
        make check
      `,
    }),
  },
});
