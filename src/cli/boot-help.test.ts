/** The help is written by hand, so that it does not load what boots: it must name what there is. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { ACCEL_CHOICES, BUSES, FIRMWARES } from '#boot';

test('boot --help names every firmware, bus and accelerator', () => {
  const main = join(import.meta.dirname, 'main.ts');
  const { stdout } = spawnSync(process.execPath, [main, 'boot', '--help'], { encoding: 'utf8' });
  const help = stdout.replaceAll(/\s+/g, ' ');
  for (const [flag, choices] of Object.entries({ firmware: FIRMWARES, bus: BUSES, accel: ACCEL_CHOICES })) {
    const words = `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
    assert.ok(help.includes(`--${flag} <name> ${words}`), `--${flag} knows ${words}`);
  }
});
