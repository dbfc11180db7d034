import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { coresBusy, usedBelow } from './watch-usage.ts';

describe('what a process and all below it use', () => {
  it('counts children that run, and those that were waited for', async () => {
    // The inner shell burns time and ends; the outer one waits for it, says so, and stays.
    const burn = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done';
    const child = spawn('sh', ['-c', `sh -c '${burn}'; echo done; read -r line`]);
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    const used = usedBelow(pid);
    assert.ok(used.cpuMs > 10, `${used.cpuMs} ms`);
    assert.ok(used.memoryBytes > 100_000 && used.memoryBytes < 1e9, String(used.memoryBytes));
    assert.ok(usedBelow(process.pid).cpuMs >= used.cpuMs);
    child.stdin.end('\n');
    await once(child, 'close');
    assert.deepEqual(usedBelow(pid), { cpuMs: 0, memoryBytes: 0 });
  });

  it('is told as cores, and never as less than none', () => {
    assert.equal(coresBusy({ cpuMs: 1000, atMs: 0 }, { cpuMs: 10_500, atMs: 5000 }), 1.9);
    assert.equal(coresBusy({ cpuMs: 1000, atMs: 0 }, { cpuMs: 900, atMs: 5000 }), 0);
    assert.equal(coresBusy({ cpuMs: 0, atMs: 7 }, { cpuMs: 0, atMs: 7 }), 0);
  });
});
