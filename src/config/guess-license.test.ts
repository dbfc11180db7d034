import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guessLicense, type LicenseFacts } from './guess-license.ts';

const MIT = `The MIT License

Copyright (c) 2020 Somebody

Permission is hereby granted, free of charge, to any person obtaining a copy of this software …
The above copyright notice and this permission notice shall be included in all copies.
THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.`;
const ISC = `Copyright 2020 Somebody
  Permission to use, copy, modify, and distribute this software for any purpose
  with or without fee is hereby granted, provided that …`;
const BSD = `Redistribution and use in source and binary forms, with or without modification,
are permitted: 1. … 2. … THIS SOFTWARE IS PROVIDED BY THE AUTHOR “AS IS” AND …`;
const GPL = `                    GNU GENERAL PUBLIC LICENSE
                       Version 2, June 1991

 … either version 2 of the License, or (at your option) any later version.`;

function guess(texts: Record<string, string>, facts: Partial<LicenseFacts> = {}) {
  return guessLicense({ texts: new Map(Object.entries(texts)), gplFiles: [], laterFiles: [], ...facts });
}

test('a file that is one well-known licence and nothing else tells it', () => {
  assert.deepEqual(guess({ COPYING: MIT, Makefile: 'all:' }), { license: 'MIT' });
  assert.deepEqual(guess({ 'LICENSE.txt': ISC }), { license: 'ISC' });
  assert.deepEqual(guess({ LICENCE: BSD }), { license: 'BSD-2-Clause' });
  assert.deepEqual(guess({ LICENSE: `${BSD} Neither the name of …` }), { license: 'BSD-3-Clause' });
});

test('the GPL is certain only with files that all allow, or would all allow, later versions', () => {
  const both = { gplFiles: ['./a.c', './b.c'], laterFiles: ['./a.c', './b.c', './c.c'] };
  assert.deepEqual(guess({ COPYING: GPL }, both), { license: 'GPL-2.0-or-later' });
  const one = guess({ COPYING: GPL }, { ...both, laterFiles: ['./a.c'] });
  assert.equal(one.license, 'LicenseRef-unknown');
  assert.match(one.doubt ?? '', /GPL-2\.0: -only or -or-later\? See \.\/b\.c/);
  assert.match(guess({ COPYING: GPL }).doubt ?? '', /-only or -or-later/);
});

test('what is not certain is not guessed', () => {
  const long = 'word '.repeat(300);
  for (const texts of [
    {},
    { README: MIT },
    { COPYING: MIT, 'COPYING.LIB': ISC },
    { COPYING: `${MIT} ${long}` },
    { COPYING: `${MIT} ${BSD}` },
    { COPYING: `${BSD} All advertising materials …` },
    { COPYING: 'Do as you like.' },
  ]) {
    assert.equal(guess(texts).license, 'LicenseRef-unknown', JSON.stringify(texts).slice(0, 60));
  }
  assert.equal(guess({ COPYING: MIT }, { gplFiles: ['./a.c'] }).license, 'LicenseRef-unknown');
});
