/** The machine's clock, as the way up and down treat it. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOOT_FILES, runShell, temporaryFolder } from './shell.ts';

const HOUR_SECONDS = 3600;
const YEAR_SECONDS = 365 * 24 * HOUR_SECONDS;
const now = () => Math.floor(Date.now() / 1000);

/** Goes up with what the last way down has written; gives what `date` was told, and what was said. */
function goUp(lastSeen: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'clock'), lastSeen);
  const script = readFileSync(join(BOOT_FILES, 'boot/start/40-clock'), 'utf8');
  const text = `LAST_SEEN=${folder}/clock
say_failed() { echo "FAILED $1"; }
${script.replace('/run/blazeneuro/clock-set', `${folder}/set`)}`;
  const date = `case $1 in -u) echo "$*" ;; *) exec /usr/bin/date "$@" ;; esac`;
  const { stdout } = runShell('dash', text, { tools: { date } });
  return stdout + (existsSync(join(folder, 'set')) ? readFileSync(join(folder, 'set'), 'utf8') : '');
}

test('a clock that is years behind is set to when the stick was last used', () => {
  const last = now() + 20 * YEAR_SECONDS;
  assert.match(goUp(`${last}\n`), new RegExp(`clock is wrong.*\n-u -s @${last}\n$`));
});

test('a clock that is only hours behind is left alone: the last machine may have kept local time', () => {
  for (const hours of [0, 1, 2, 14, 25]) assert.equal(goUp(`${now() + hours * HOUR_SECONDS}\n`), '');
  assert.equal(goUp(`${now() - YEAR_SECONDS}\n`), '');
});

test('what is no time is reported', () => {
  assert.match(goUp('soon\n'), /^FAILED .* holds no time\n$/);
});

/** Goes down on a system that was made at this time; gives what is kept for the next way up. */
function goDown(madeAt: number): string | undefined {
  const folder = temporaryFolder();
  const [made, kept] = [join(folder, 'os-release'), join(folder, 'kept')];
  writeFileSync(made, '');
  utimesSync(made, madeAt, madeAt);
  mkdirSync(join(folder, 'x'));
  const text = `. ${BOOT_FILES}/boot/functions
renew_seed() { :; }
is_root_writable() { :; }
LAST_SEEN=${kept} MADE=${made}
. ${BOOT_FILES}/boot/stop/30-state`;
  const hwclock = `echo hwclock >> ${folder}/hwclock`;
  const { stderr } = runShell('dash', text, { tools: { hwclock } });
  assert.equal(stderr, '');
  assert.ok(!existsSync(join(folder, 'hwclock')), "the machine's own clock was written");
  return existsSync(kept) ? readFileSync(kept, 'utf8') : undefined;
}

test("the time is kept for the next way up, and the machine's own clock left alone", () => {
  assert.ok(Math.abs(Number(goDown(now() - YEAR_SECONDS)) - now()) < 60);
});

test('a time that cannot be is not kept: it would make every later machine wrong', () => {
  assert.equal(goDown(now() - 15 * YEAR_SECONDS), undefined);
});
