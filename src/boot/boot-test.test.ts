import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { digestOfBytes, unwrap } from '#base';
import { bootTest, smokeTest } from './boot-test.ts';
import { assembleSector } from './sectors/assemble.ts';
import { smokeScenario } from './smoke-scenario.ts';
import { verdictLines, verdictProblem } from './verdict.ts';

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

let folder = '';
let image = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blazeneuro-boot-test-'));
  image = await assembleSector('counter.s', folder);
  await truncate(image, 1024 * 1024);
});
after(async () => await rm(folder, { recursive: true }));

describe('the smoke test of an image', () => {
  it('passes a guest that remembers, twice the same, since the image is only read', async () => {
    const digest = digestOfBytes(await readFile(image));
    const options = { firmware: 'bios', accel: 'tcg', env, logFolder: folder } as const;
    const steps: string[] = [];
    const emit = (event: { type: string; step?: string }) => {
      if (event.type === 'step-finished') steps.push(event.step ?? '');
    };
    const verdict = unwrap(await smokeTest(image, { ...options, emit }));
    assert.equal(verdict.passed, true);
    assert.equal(verdict.scenarios[0]?.checks[0]?.detail, '1, then 2');
    assert.equal(verdict.scenarios[0]?.timings.length, 2);
    assert.deepEqual(steps, ['bios: counts its boots: first boot', 'bios: counts its boots: second boot']);
    assert.equal(unwrap(await smokeTest(image, options)).passed, true);
    assert.equal(digestOfBytes(await readFile(image)), digest);
    assert.match(await readFile(verdict.log, 'utf8'), /boot 1\r\n.*boot 2\r\n/s);
  });

  it('fails a guest that does not say what is waited for', async () => {
    const options = { firmware: 'bios', accel: 'tcg', env, logFolder: folder } as const;
    const verdict = unwrap(await smokeTest(image, { ...options, pattern: /ready (\d+)/ }));
    assert.equal(verdict.passed, false);
    assert.match(verdict.scenarios[0]?.problem?.message ?? '', /the guest ended/);
    assert.equal(verdictProblem(verdict)?.place, join(folder, 'boot-bios.log'));
    assert.ok(verdictLines(verdict).some((line) => line.includes('FAIL')));
  });

  it('does not blame the image when it was interrupted', async () => {
    const controller = new AbortController();
    const scenario = smokeScenario(/never (\d)/);
    // Without the exit device of the probe, this one says nothing and stays on.
    const silent = await assembleSector('probe.s', folder);
    await truncate(silent, 1024 * 1024);
    const running = bootTest(silent, {
      ...{ firmware: 'bios', accel: 'tcg', env, logFolder: folder },
      scenarios: [scenario],
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 1000);
    const result = await running;
    assert.equal(result.ok ? undefined : result.problem.kind, 'interrupted');
  });
});
