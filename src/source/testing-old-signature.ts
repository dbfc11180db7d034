/**
 * A throw-away key of the kind that the library makes no more (DSA, 1024 bits), and its signature of `the right bytes`
 * with SHA-1, by GnuPG: `gpg --quick-gen-key jim dsa1024`, `gpg --digest-algo SHA1 --detach-sign`.
 */
export const OLD_KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mQGiBF4L4QARBADh7I6VJQcrzorpFYeooQiNHMIOMv119DLL7+QgQwfxk1pgrudB
rJfFWfOh5h3bDvS9V0wPZJJN+0we2FdlW9LZH+4lA1Xk/57sK5HQtxS40a0/OAXK
plHgOFusSe9M4eA6QpxwMDKs2jkguq9joCi/q5AqnXk49HHOcejNhdwAtwCg83Ix
gBAlMiyvASmwfa/TjkhdwhsD/03jKA2OFMYc1/TYDt3uowEfOJ3A8TTZ2h7nVAlm
wnUcPNaYNU11XJQc/eNPTs7zjpWhyhLbDjzXwcsEmVx6U3w/vh++hfCHV9zfg0eq
rjZnLp5PrQmheVxl7gWFK6010oKOcNSGKRx5nuXr+O6oYzu/ouDRvk8wQqVmoxmE
TFvgA/0ZGYfYAEBirTjjAYAeZTzDP7BmgKdjVdmrTdRsbogAuXQ4C2CtSAkaLHe1
9BGJKajp1o7jtj3nn9WLQ3dFdldu0kYi3NTfQURVV5da3lvZbsq9fTFJdiVmFIe3
G1AgFkTm29HJVp9c9oTt1Vgwkfi8cY/v4brUhj9RyOp1sRrGXbQVamltIDxqaW1A
ZXhhbXBsZS5vcmc+iHgEExECADgWIQRmDADHd2zPG/y7/dhHK9XM6cPGfQUCXgvh
AAIbAwULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAKCRBHK9XM6cPGfQQBAKDW/ux2
mKulde6UFiqjw+DcFfOT0wCeKg/E3jlYB4eCwLX2upjZx5Q9UBc=
=U8UK
-----END PGP PUBLIC KEY BLOCK-----
`;

export const OLD_SIGNATURE = `-----BEGIN PGP SIGNATURE-----

iF0EABECAB0WIQRmDADHd2zPG/y7/dhHK9XM6cPGfQUCYpasAAAKCRBHK9XM6cPG
fUonAKDRTaSPbYtNSzeSMLlxAuJXQUjXvQCdE97v13CS2z09U/fEf0otMemvbtI=
=sP4C
-----END PGP SIGNATURE-----
`;

/** The same from before keys said what they are for: the flags are missing in what the key says of itself. */
export const OLDER_KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

xsDiBF4L4QARBACCMpbXqdTWJsmLyzB3KBYFkw4sEIWIdE7cqefEHvBCQdUQ
wL3NcfXdoMU4U6om+rG8Th1QyDpRBAkidjK83EFAGP1v8WXapUstpYEU4PS0
7SMpH5oaRbaXyPbVnzEDJl8mrMkxSS9p/2f6q5d1JGOSIHk8NRQwW+5Yirug
XxGM0wCgusoNqxyLOrLJdpY5PR7M1ycuLf8D/RQWYwQm94BWMXAPWRjbez+s
M/JGKupe/02AkgimT0G3aimKIfDdTcLnR7Y+KoZy/cNibvtggmyts34MMNor
trY83rYl0j0/EUEYg+4ke5yCR6yWoDQ+NlVLJnstufLtqeELLpCEleWVYZPh
DZguz/9G8fpObrSBrpqW5fJjU3nTA/9WMAk0pPMZYoowQx2SqaIepyToxvPb
H3bh7dnOykxAHoO44sQmJnMa6ahIihkKNQuIi/J50j+1k4UfN2hnHdr64Pu3
ZsG8TkZZW9heEOyF67aB8LVX6JHUmNwbYhoOtjMK0+bz+eY1ZDxKXkq4506E
PMnXgQUxsqVKRyi/m8IWS80VamltIDxqaW1AZXhhbXBsZS5vcmc+wl0EExEC
ACcFgl4L4QAJEIuqu9o2x2ZbFiEEb0nbLL9OqTWz3cSoi6q72jbHZlsAABBQ
AKC6m2JMjHlVsBrok1bI+74tNuCX6QCfYdF3ZADL1lukRwcl6tlLnlI5J8w=
-----END PGP PUBLIC KEY BLOCK-----
`;

export const OLDER_SIGNATURE = `-----BEGIN PGP SIGNATURE-----

wl0EABECACcFgmKWrAAJEIuqu9o2x2ZbFiEEb0nbLL9OqTWz3cSoi6q72jbH
ZlsAANDjAJ93FEonHPXLPXOAg/nV1DLpc64ZmQCfSTwNkvSBPb3v+RW3vYrk
QOku68s=
-----END PGP SIGNATURE-----
`;
