import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { finishPhase } from './finish.ts';
import { STAGES } from './types.ts';

const golden = (name: string) => `${import.meta.dirname}/golden/${name}.txt`;
const asText = { serializers: [(text: string) => `${text}\n`] };

/** A stand-in for strip that writes down what it was given. */
const FAKE_STRIP = `strip() { printf '%s\\n' "\${@: -1}" >> "$OUT/stripped"; }\n`;

describe('the finish phase', () => {
  it('strips what ships', (t) => t.assert.fileSnapshot(finishPhase('final'), golden('finish-final'), asText));

  it('takes out shared files everywhere else', (t) => {
    const others = STAGES.filter((stage) => stage !== 'final').map(finishPhase);
    assert.equal(new Set(others).size, 1);
    t.assert.fileSnapshot(others[0], golden('finish-others'), asText);
  });

  it('strips programs and shared libraries only, and takes libtool archives and info/dir away', async (t) => {
    const out = await mkdtemp(join(tmpdir(), 'finish-test-'));
    t.after(() => rm(out, { recursive: true }));
    const elf = '\x7fELF\x02 and so on';
    await fill(out, {
      'usr/bin/program': elf,
      'usr/bin/script': '#!/bin/sh\n',
      'usr/bin/empty': '',
      'usr/lib/libx.so.1': elf,
      'usr/lib/with space.so': elf,
      'usr/lib/libx.a': '!<arch>\n',
      'usr/lib/libx.la': 'libtool',
      'usr/lib/grub/i386-pc/normal.mod': elf,
      'usr/share/info/dir': 'shared',
      'usr/share/info/grep.info': 'own',
    });
    await promisify(execFile)('bash', ['-c', `set -eu -o pipefail\n${FAKE_STRIP}${finishPhase('final')}`], {
      env: { OUT: out, PATH: '/usr/bin:/bin' },
    });
    const stripped = (await readFile(join(out, 'stripped'), 'utf8')).trim().split('\n').sort();
    assert.deepEqual(
      stripped,
      ['usr/bin/program', 'usr/lib/libx.so.1', 'usr/lib/with space.so'].map((path) => join(out, path)),
    );
    assert.ok(!(await readdir(join(out, 'usr/lib'))).includes('libx.la'));
    assert.deepEqual(await readdir(join(out, 'usr/share/info')), ['grep.info']);
  });
});

async function fill(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
