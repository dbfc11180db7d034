import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mentionedLibraries } from './mentioned-libraries.ts';

test('libraries are found that build files ask for and recipes make', () => {
  const recipes = new Set(['ncurses', 'zlib', 'xz']);
  const texts = new Map([
    ['configure.ac', 'AC_CHECK_LIB(ncursesw, refresh) AC_CHECK_HEADERS([zlib.h]) AC_CHECK_HEADERS([zstd.h])'],
    ['COPYING', 'liblzma'],
    ['Makefile', 'LIBS = -lm'],
  ]);
  assert.deepEqual(mentionedLibraries(texts, recipes), ['ncurses', 'zlib']);
});
