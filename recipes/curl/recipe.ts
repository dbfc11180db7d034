import { autotools, defineRecipe, disable, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'curl',
  license: 'curl',
  builds: {
    // Not in LFS. The web and FTP; the protocols of mail and of long ago are not there.
    // No check: nobody has seen its tests end in the sandbox yet.
    final: autotools({
      needs: ['glibc', 'openssl', 'pkgconf', 'zlib'],
      configure: [
        '--with-openssl',
        '--with-ca-bundle=/etc/ssl/certs/ca-certificates.crt',
        ...without('brotli', 'zstd', 'libpsl', 'libidn2', 'nghttp2', 'ngtcp2', 'nghttp3', 'libssh2', 'ldap'),
        ...disable(
          'static',
          'docs',
          'ares',
          'ldap',
          'ldaps',
          'rtsp',
          'dict',
          'telnet',
          'tftp',
          'pop3',
          'imap',
        ),
        ...disable('smb', 'smtp', 'gopher', 'mqtt', 'ntlm', 'libcurl-option'),
      ],
    }),
  },
});
