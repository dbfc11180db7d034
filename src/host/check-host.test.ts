import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { checkHost, judgeFindings } from './check-host.ts';
import { judgeKernelVersion } from './check-kernel.ts';
import { overlayArgv } from './check-overlay.ts';
import { checkSpace } from './check-space.ts';

test('a machine that runs these tests has the compiler, the kernel and the name spaces', async () => {
  const findings = await checkHost({ storeFolder: join(tmpdir(), 'no/such/folder'), neededBytes: 1 });
  assert.deepEqual(
    findings.filter((finding) => !finding.ok),
    [],
  );
  for (const name of ['gcc', 'C program', 'C++ program', 'kernel', 'user namespaces', 'overlayfs']) {
    assert.ok(
      findings.some((finding) => finding.name === name),
      name,
    );
  }
});

describe('judgeFindings', () => {
  test('joins the packages of all that is missing into one command', () => {
    const result = judgeFindings([
      { name: 'make', want: '4.0', ok: false, package: 'make', hint: 'apt-get …' },
      { name: 'g++', want: '5.2', ok: false, package: 'g++', hint: 'apt-get …' },
      { name: 'sed', have: '4.9', want: '4.1.5', ok: true },
    ]);
    assert.ok(!result.ok);
    assert.equal(result.problem.kind, 'host-lacks');
    assert.equal(
      result.problem.hint,
      'On Debian and Ubuntu, as root: apt-get install --no-install-recommends g++ make',
    );
  });

  test('calls a full disk by its own kind', async () => {
    const result = judgeFindings([await checkSpace(tmpdir(), Number.MAX_SAFE_INTEGER)]);
    assert.ok(!result.ok);
    assert.equal(result.problem.kind, 'no-space');
  });
});

test('an ordinary user needs a newer kernel than root', () => {
  assert.equal(judgeKernelVersion('5.10.0-30-amd64', true).ok, true);
  assert.equal(judgeKernelVersion('5.10.0-30-amd64', false).ok, false);
  assert.equal(judgeKernelVersion('5.3.18', true).ok, false);
});

test('an ordinary user stacks layers inside a user namespace, with userxattr', () => {
  assert.deepEqual(overlayArgv('a:b', 'm', false), [
    ...['unshare', '--user', '--map-root-user', '--mount'],
    ...['mount', '-t', 'overlay', '-o', 'userxattr,lowerdir=a:b', 'overlay', 'm'],
  ]);
});
