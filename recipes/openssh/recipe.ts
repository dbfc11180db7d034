import { autotools, defineRecipe, sh, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'openssh',
  license: 'BSD-2-Clause AND BSD-3-Clause AND ISC AND MIT',
  description: 'ssh, and a server that is off unless the service sshd is asked for',
  builds: {
    // Not in LFS.
    final: autotools({
      needs: ['glibc', 'libxcrypt', 'openssl', 'pkgconf', 'zlib'],
      // Host keys that sign for a user ask for a setuid program; who uses them is rare.
      prepare: sh`sed -i 's/-m 4711 /-m 755 /' Makefile.in`,
      configure: [
        '--sysconfdir=/etc/ssh',
        '--libexecdir=/usr/libexec/openssh',
        '--with-privsep-path=/var/lib/sshd',
        '--with-pid-dir=/run',
        '--with-default-path=/usr/local/bin:/usr/bin',
        '--with-superuser-path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin',
        '--with-mantype=doc',
        '--disable-strip',
        // Ours asks for more than its own. It would also name folders of libraries in each program.
        ...without('hardening', 'rpath', 'pam', 'libedit', 'kerberos5'),
      ],
      check: sh`make file-tests unit t-exec`,
      // No keys: each stick makes its own, when the server starts first.
      makeInstall: ['install-nokeys'],
      adjust: sh`
        install -D -m 755 $FILES/sshd $OUT/etc/init.d/sshd
        mkdir -p $OUT/etc/ssh/sshd_config.d $OUT/var/lib/sshd
        sed -i '1i Include /etc/ssh/sshd_config.d/*.conf' $OUT/etc/ssh/sshd_config
        install -m 644 $FILES/blazeneuro.conf $OUT/etc/ssh/sshd_config.d/50-blazeneuro.conf
      `,
    }),
  },
});
