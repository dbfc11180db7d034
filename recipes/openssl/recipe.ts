import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'openssl',
  license: 'Apache-2.0',
  leaveOut: { '.': ['openssl-*/fuzz/corpora/*', 'openssl-*/test/recipes/*', 'openssl-*/demos/*'] },
  builds: {
    // LFS chapter08/openssl, without compression, which nobody should use, and without engines, which nobody has.
    final: script({
      needs: ['glibc'],
      // The flags of the environment come behind its own. The baseline is kept: faster code is chosen when it runs.
      configure: sh`
        ./Configure linux-x86_64 --prefix=/usr --openssldir=/etc/ssl --libdir=lib shared \
          no-zlib no-engine no-tests no-docs
      `,
      build: sh`make`,
      // The recipes of its own tests are not unpacked. Instead what others need of it: a digest, keys, a connection.
      check: sh`
        export LD_LIBRARY_PATH=$PWD OPENSSL_CONF=$PWD/apps/openssl.cnf PATH=$PWD/apps:$PATH
        cd $WORK
        test "$(printf abc | openssl sha1 -r)" = 'a9993e364706816aba3e25717850c26c9cd0d89d *stdin'
        for algorithm in RSA ED25519 ML-DSA-65; do
          openssl genpkey -algorithm $algorithm -out key
          openssl req -x509 -new -key key -subj /CN=localhost -addext subjectAltName=DNS:localhost -out cert
          openssl s_server -unix $algorithm -naccept 1 -key key -cert cert -rev &
          until test -S $algorithm; do sleep 0.1; done
          printf 'hello\nCLOSE\n' | openssl s_client -unix $algorithm -quiet -CAfile cert -verify_return_error \
            -verify_hostname localhost | grep -x olleh
          wait $!
        done
      `,
      install: sh`make DESTDIR=$OUT install_sw install_ssldirs`,
      adjust: sh`
        rm -f $OUT/usr/lib/lib{crypto,ssl}.a
        # CA.pl and tsget ask for a perl, c_rehash too.
        rm -rf $OUT/etc/ssl/misc $OUT/usr/bin/c_rehash
        # ca-certificates fills it; nobody keeps secrets there.
        rm -rf $OUT/etc/ssl/private
      `,
    }),
  },
});
