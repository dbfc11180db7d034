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
