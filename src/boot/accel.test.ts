import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { chooseAccel, judgeProbe, probeAccel } from './accel.ts';
import { probeDrive } from './probe-sector.ts';
import { assembleSector } from './sectors/assemble.ts';

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

describe('the probe of an accelerator', () => {
  it('has the very bytes of its source', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'blazeneuro-sector-'));
    try {
      const path = await assembleSector('probe.s', folder);
      assert.deepEqual(probeDrive().subarray(0, 512), await readFile(path));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('finds that translated guests run', async () => {
    assert.deepEqual(await probeAccel('tcg', env), { works: true, reason: 'tcg runs guests' });
  });

  it('comes to an end about KVM, whatever this machine has', async () => {
    const started = performance.now();
    const probe = await probeAccel('kvm', env);
    assert.ok(performance.now() - started < 10_000);
    assert.equal((await chooseAccel('auto', env)).accel, probe.works ? 'kvm' : 'tcg');
  });

  it('takes neither a crash nor a silent guest for a working KVM', () => {
    const end = {
      argv: ['qemu'],
      commandLine: 'qemu',
      succeeded: false,
      stdout: '',
      durationMs: 2000,
      cpuMs: 0,
    };
    const hung = judgeProbe('kvm', { ...end, outcome: 'timed-out', stderr: '' });
    assert.deepEqual(hung, {
      works: false,
      reason: 'kvm does not run guests: qemu was stopped after 2.0 s, its time limit',
    });
    const crashed = judgeProbe('kvm', {
      ...end,
      outcome: 'killed',
      signalName: 'SIGABRT',
      stderr: 'failed to set MSR\n',
    });
    assert.equal(crashed.reason, 'kvm does not run guests: failed to set MSR');
    assert.equal(judgeProbe('kvm', { ...end, outcome: 'exited', exitCode: 0, stderr: '' }).works, false);
  });

  it('does not question what was asked for by name', async () => {
    assert.equal((await chooseAccel('kvm', env)).accel, 'kvm');
  });
});
