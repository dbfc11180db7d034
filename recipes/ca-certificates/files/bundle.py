"""Prints as PEM the certificates of Mozilla's certdata.txt that are trusted for servers, sorted by label."""

import base64
import re
import sys
import textwrap


def objects(lines):
    """Objects of certdata.txt as dictionaries; values of several lines are bytes, written in octal."""
    one, field = {}, None
    for line in lines:
        line = line.rstrip("\n")
        if field is not None:
            if line == "END":
                one[field], field = bytes(octal), None
            else:
                octal += bytes(int(digits, 8) for digits in re.findall(r"\\([0-7]{3})", line))
        elif line.startswith("#") or line == "BEGINDATA":
            continue
        elif line == "":
            if one:
                yield one
            one = {}
        else:
            name, kind, *value = line.split(" ", 2)
            if kind == "MULTILINE_OCTAL":
                field, octal = name, bytearray()
            else:
                one[name] = value[0] if value else ""
    if one:
        yield one


def labels(path):
    """The labels that Debian leaves out: one a line, in quotes."""
    with open(path, encoding="utf-8") as lines:
        return {line.strip() for line in lines if line.startswith('"')}


def main(data, blacklist):
    left_out = labels(blacklist)
    with open(data, encoding="utf-8") as lines:
        every = list(objects(lines))
    trusted = {
        (one["CKA_ISSUER"], one["CKA_SERIAL_NUMBER"])
        for one in every
        if one.get("CKA_CLASS") == "CKO_NSS_TRUST"
        and one["CKA_TRUST_SERVER_AUTH"] == "CKT_NSS_TRUSTED_DELEGATOR"
        and one["CKA_LABEL"] not in left_out
    }
    chosen = [
        one
        for one in every
        if one.get("CKA_CLASS") == "CKO_CERTIFICATE"
        and (one["CKA_ISSUER"], one["CKA_SERIAL_NUMBER"]) in trusted
    ]
    for one in sorted(chosen, key=lambda one: (one["CKA_LABEL"], one["CKA_VALUE"])):
        text = base64.b64encode(one["CKA_VALUE"]).decode("ascii")
        print("-----BEGIN CERTIFICATE-----", *textwrap.wrap(text, 64), "-----END CERTIFICATE-----", sep="\n")


main(*sys.argv[1:])
