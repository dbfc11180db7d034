import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'ca-certificates',
  license: 'MPL-2.0',
  description: 'Whom TLS believes: the certificates that Mozilla trusts for servers',
  builds: {
    // Not in LFS. Debian's own script asks for a Python library to warn about certificates that have expired.
    final: script({
      needs: ['openssl'],
      build: sh`python3 $FILES/bundle.py mozilla/certdata.txt mozilla/blacklist.txt > ca-certificates.crt`,
      check: sh`test $(grep -c 'BEGIN CERTIFICATE' ca-certificates.crt) -gt 100`,
      install: sh`
        install -D -m 644 ca-certificates.crt $OUT/etc/ssl/certs/ca-certificates.crt
        # Where OpenSSL looks unless told otherwise.
        ln -s certs/ca-certificates.crt $OUT/etc/ssl/cert.pem
      `,
      // Each of them is read by the library that will read it.
      adjust: sh`
        openssl crl2pkcs7 -nocrl -certfile ca-certificates.crt | openssl pkcs7 -print_certs -noout > certificates.txt
        test $(grep -c '^subject=' certificates.txt) -eq $(grep -c 'BEGIN CERTIFICATE' ca-certificates.crt)
      `,
    }),
  },
});
