import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runShell, temporaryFolder } from './shell.ts';

const SCRIPT = join(import.meta.dirname, '../../recipes/kbd/files/40-keymap');

/** What the console is told when vconsole.conf holds this. */
function tell(conf: string): readonly string[] {
  const path = join(temporaryFolder(), 'vconsole.conf');
  writeFileSync(path, conf);
  const script = readFileSync(SCRIPT, 'utf8').replace(/^CONF=.*/m, `CONF=${path}`);
  const { stdout, stderr } = runShell('dash', `say_failed() { echo "FAILED $1"; }\n${script}`, {
    tools: {
      loadkeys: 'echo "loadkeys <$3>"; [ "$3" != nowhere ]',
      setfont: 'echo "setfont <$1>"',
    },
  });
  assert.equal(stderr, '');
  return stdout.split('\n').slice(0, -1);
}

for (const [how, conf] of [
  ['plainly', 'KEYMAP=de-latin1\nFONT=lat9w-16\n'],
  ['without an end of the last line', 'KEYMAP=de-latin1\nFONT=lat9w-16'],
  ['in quotes', `KEYMAP="de-latin1"\nFONT='lat9w-16'\n`],
  ['by an editor of Windows', 'KEYMAP="de-latin1"\r\n\r\nFONT=lat9w-16\r\n'],
  ['with blanks', '# Mine.\n KEYMAP = de-latin1 \nFONT=  "lat9w-16"  '],
] as const) {
  test(`the keyboard and the font are set that are written ${how}`, () => {
    assert.deepEqual(tell(conf), ['loadkeys <de-latin1>', 'setfont <lat9w-16>']);
  });
}

test('nothing is set that is left empty, and what is not there is said', () => {
  assert.deepEqual(tell('KEYMAP=\nFONT=""\nOTHER=x\n'), []);
  assert.deepEqual(tell('KEYMAP=nowhere\n'), ['loadkeys <nowhere>', 'FAILED There is no keymap nowhere']);
});

test('one quote alone is part of the name', () => {
  assert.deepEqual(tell(`FONT="\nFONT='a"\n`), ['setfont <">', `setfont <'a">`]);
});
