import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sha512Crypt } from './sha512-crypt.ts';

describe('the $6$ hash of a password', () => {
  // Made with `openssl passwd -6 -salt SALT PASSWORD` (OpenSSL 3.0).
  it('is the one of OpenSSL, for short, long and foreign passwords', () => {
    for (const [password, salt, hash] of OPENSSL) assert.equal(sha512Crypt(password, salt), hash);
  });

  it('refuses a salt that would end the field it stands in', () => {
    assert.throws(() => sha512Crypt('x', 'a$b'), RangeError);
    assert.throws(() => sha512Crypt('x', 'a:b'), RangeError);
  });
});

const OPENSSL = [
  [
    'Hello world!',
    'saltstring',
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  ],
  ['a', 'x', '$6$x$6Zqbz8j5rMHIeJ1ujjjFXuZXSa/VORj.fVUEQcJc.rjR9.wCKlhZuymRQLtIEzcxNmqwX/fRNvM45BbvFayY51'],
  [
    'grün & gut',
    './AZaz09',
    '$6$./AZaz09$Q9BuXAQYZlx6Ct5hRQdwOVsqmsh5IRP59eiEBNwq07ZfIimD5grpuZ9XibjOgGXJQau7Mc1ynLMiDBAFsJTOS0',
  ],
  [
    '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    'abcdefghijklmnop',
    '$6$abcdefghijklmnop$bV6a7GwrfDJPNgeW7ooQmAnQSjtJfmcUKwOvKY6o.M19twJ6BMC71My717y0045Wbpj3Bncp1RfqjMfhIJfEr1',
  ],
] as const;
