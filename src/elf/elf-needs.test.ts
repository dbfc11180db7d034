import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readElfNeeds } from './elf-needs.ts';

test('readelf says the same of a real program', () => {
  const said = execFileSync('readelf', ['-dlW', '/bin/bash'], { encoding: 'utf8' });
  assert.deepEqual(readElfNeeds(readFileSync('/bin/bash')), {
    interpreter: /interpreter: (.*)\]/.exec(said)?.[1],
    needed: [...said.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name),
  });
});

test('what is no ELF file is told apart', () => {
  assert.equal(readElfNeeds(Buffer.from('#!/bin/sh\n')), undefined);
  assert.equal(readElfNeeds(Buffer.alloc(100)), undefined);
});

test('a cut-off ELF file is an error, not a program without needs', () => {
  assert.throws(() => readElfNeeds(readFileSync('/bin/bash').subarray(0, 100)), RangeError);
});
