/** What is known of a source's licence: the texts of its licence files, and what its C files say of the GPL. */
export type LicenseFacts = {
  /** By the name of the file. */
  readonly texts: ReadonlyMap<string, string>;
  readonly gplFiles: readonly string[];
  /** Those that allow later versions of it. */
  readonly laterFiles: readonly string[];
};

/** An SPDX expression; and where it is not certain, what a person has to look at. */
export type GuessedLicense = { readonly license: string; readonly doubt?: string };

/** For the field `license` when nobody knows better. */
const UNKNOWN = 'LicenseRef-unknown';

const LICENSE_FILE = /^(?:copying|licen[cs]e)(?:[.-]|$)/i;

/** A licence is known by words that no other has, and by its length: with more in it a file is not that licence alone. */
type Sign = {
  readonly id: string;
  readonly has: readonly RegExp[];
  readonly lacks?: readonly RegExp[];
  readonly mostWords: number;
};

const MIT_GRANT = /permission is hereby granted, free of charge, to any person obtaining a copy/;
const BSD_GRANT = /redistribution and use in source and binary forms, with or without modification/;

// The SPDX licence list has the texts; a third of their length is left for names, years and a title.
const SIGNS: readonly Sign[] = [
  {
    id: 'MIT',
    has: [MIT_GRANT, /the above copyright notice and this permission notice shall be included/, /as is/],
    lacks: [/except as contained in this notice/, BSD_GRANT],
    mostWords: 230,
  },
  {
    id: 'BSD-3-Clause',
    has: [BSD_GRANT, /neither the name|the names? of .* may not be used/, /as is/],
    lacks: [/all advertising materials/, MIT_GRANT],
    mostWords: 290,
  },
  {
    id: 'BSD-2-Clause',
    has: [BSD_GRANT, /as is/],
    lacks: [/neither the name/, /may not be used/, /all advertising materials/, MIT_GRANT],
    mostWords: 250,
  },
  {
    id: 'ISC',
    has: [
      /permission to use, copy, modify, and(?:\/or)? distribute this software for any purpose with or without fee/,
    ],
    lacks: [BSD_GRANT, MIT_GRANT],
    mostWords: 170,
  },
  {
    id: 'Zlib',
    has: [/this software is provided 'as-is'/, /altered source versions must be plainly marked as such/],
    mostWords: 200,
  },
  { id: 'Apache-2.0', has: [/^apache license version 2\.0, january 2004/], mostWords: 2100 },
  { id: 'MPL-2.0', has: [/^mozilla public license,? version 2\.0/], mostWords: 3300 },
];

/** The GNU licences by their titles; a text alone does not tell whether later versions are allowed. */
const GNU: readonly { readonly family: string; readonly title: RegExp; readonly mostWords: number }[] = [
  { family: 'GPL-2.0', title: /^gnu general public license version 2, june 1991/, mostWords: 3300 },
  { family: 'GPL-3.0', title: /^gnu general public license version 3, 29 june 2007/, mostWords: 6300 },
  {
    family: 'LGPL-2.1',
    title: /^gnu lesser general public license version 2\.1, february 1999/,
    mostWords: 4900,
  },
  {
    family: 'LGPL-3.0',
    title: /^gnu lesser general public license version 3, 29 june 2007/,
    mostWords: 1600,
  },
  {
    family: 'AGPL-3.0',
    title: /^gnu affero general public license version 3, 19 november 2007/,
    mostWords: 6300,
  },
];

/** The licence of a source, where it is certain: one licence file with one licence, and no file that differs. */
export function guessLicense({ texts, gplFiles, laterFiles }: LicenseFacts): GuessedLicense {
  const files = [...texts].filter(([name]) => LICENSE_FILE.test(name));
  const [first, ...others] = files;
  if (first === undefined) return unknown('No file COPYING or LICENSE tells.');
  const names = files.map(([name]) => name).join(', ');
  if (others.length > 0) return unknown(`More than one file tells: ${names}.`);
  const [name, text] = first;
  const words = plainWords(text);
  const sign = SIGNS.find((one) => matches(one, words));
  if (sign !== undefined && gplFiles.length === 0) return { license: sign.id };
  const gnu = GNU.find(({ title, mostWords }) => title.test(words) && countWords(words) <= mostWords);
  if (gnu === undefined) return unknown(`${name} is not one well-known licence and nothing else.`);
  const exact = gplFiles.filter((file) => !laterFiles.includes(file));
  if (gplFiles.length === 0) return unknown(`${name} is the ${gnu.family}: -only or -or-later?`);
  if (exact.length === 0) return { license: `${gnu.family}-or-later` };
  return unknown(`${name} is the ${gnu.family}: -only or -or-later? See ${exact[0]}.`);
}

function matches({ has, lacks = [], mostWords }: Sign, words: string): boolean {
  if (countWords(words) > mostWords) return false;
  return has.every((pattern) => pattern.test(words)) && !lacks.some((pattern) => pattern.test(words));
}

/** In lower case, with single blanks, whatever quotation marks there are: people wrap and indent these texts anew. */
function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[“”"]/g, '')
    .replaceAll(/[‘’`]/g, "'")
    .replaceAll(/[*#]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function countWords(words: string): number {
  return words.split(' ').length;
}

function unknown(doubt: string): GuessedLicense {
  return { license: UNKNOWN, doubt };
}
