import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readElfNeeds } from './elf.ts';
import { elfSample, hasProgram } from './testing.ts';

test('interpreter and libraries of an ELF file are read', () => {
  assert.deepEqual(readElfNeeds(elfSample('/lib64/ld-linux-x86-64.so.2', ['libm.so.6', 'libc.so.6'])), {
    interpreter: '/lib64/ld-linux-x86-64.so.2',
    needed: ['libm.so.6', 'libc.so.6'],
  });
});

test('a static program needs nothing', () => {
  assert.deepEqual(readElfNeeds(elfSample(undefined, [])), { interpreter: undefined, needed: [] });
});

test('what is no ELF file is told apart', () => {
  assert.equal(readElfNeeds(Buffer.from('#!/bin/sh\n')), undefined);
  assert.equal(readElfNeeds(Buffer.alloc(100)), undefined);
});

test('a cut-off ELF file is an error, not a program without needs', () => {
  assert.throws(() => readElfNeeds(elfSample('/lib/ld.so', ['libc.so.6']).subarray(0, 100)), RangeError);
});

test('readelf says the same of a real program', { skip: !hasProgram('readelf') }, () => {
  const said = spawnSync('readelf', ['-dlW', '/bin/bash'], { encoding: 'utf8' }).stdout;
  assert.deepEqual(readElfNeeds(readFileSync('/bin/bash')), {
    interpreter: /interpreter: (.*)\]/.exec(said)?.[1],
    needed: [...said.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name),
  });
});
