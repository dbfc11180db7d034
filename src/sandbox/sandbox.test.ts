import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isErrno } from '#base';
import type { SandboxHost } from './sandbox.ts';
import { bareSystem, HOST, IS_ROOT, ORDINARY_HOST, openTrial, type Trial, whyNoSandbox } from './testing.ts';

const hosts: readonly (readonly [string, SandboxHost])[] = IS_ROOT
  ? [
      ['started by root', HOST],
      ['started by an ordinary user', ORDINARY_HOST],
    ]
  : [['started by an ordinary user', ORDINARY_HOST]];

for (const [how, host] of hosts) {
  const skip = whyNoSandbox(host);
  describe(`a sandbox ${how}`, { skip }, () => sandboxKeepsItsWord(host));
}

function sandboxKeepsItsWord(host: SandboxHost): void {
  const say = async (trial: Trial, script: string, changes = {}): Promise<string> => {
    const result = await trial.run(trial.sandbox(script, changes), host);
    assert.ok(result.succeeded, result.stderr);
    return result.stdout.trim();
  };

  it('stacks 150 layers, the first on top, below /mnt/lfs', async () => {
    await using trial = await openTrial();
    for (let at = 0; at < 150; at += 1) await trial.addLayer({ [`own-${at}`]: '', shared: String(at) });
    assert.equal(await say(trial, 'cat /mnt/lfs/shared; ls /mnt/lfs | grep -c own'), '0150');
  });

  it('has no sysroot without layers', async () => {
    await using trial = await openTrial();
    assert.equal(await say(trial, 'ls /mnt/lfs'), 'build\ndev\nout\nproc\ntmp');
  });

  it('writes to the work folder and to $OUT, and nowhere else', async () => {
    await using trial = await openTrial();
    await trial.addLayer({ 'usr/x': '' });
    const places = [
      '/mnt/lfs/usr/x',
      '/mnt/lfs/new',
      '/usr/new',
      '/usr/bin/sh',
      '/etc/alternatives/new',
      '/etc/passwd',
    ];
    const tries = places
      .map((path) => `if (echo x >> ${path}) 2>/dev/null; then echo ${path}; fi`)
      .join('\n');
    assert.equal(await say(trial, `${tries}\necho work > /build/a\necho out > /out/b`), '');
    assert.equal(await readFile(join(trial.folder, 'work/a'), 'utf8'), 'work\n');
    assert.equal(await readFile(join(trial.folder, 'out/b'), 'utf8'), 'out\n');
    await assert.rejects(stat('/usr/new'), { code: 'ENOENT' });
  });

  it('sees nothing of the host but its tools', async () => {
    await using trial = await openTrial();
    const seen = await say(
      trial,
      'ls -A / /etc /home /root /var /srv /opt 2>&1 | grep -v "^ls:"; ls -A /usr/local /tmp',
    );
    assert.equal(
      seen.replaceAll(/\s+/g, ' '),
      '/: bin build dev etc lib lib64 mnt out proc sbin tmp usr /etc: alternatives group passwd /tmp: /usr/local:',
    );
  });

  it('cannot reach the network, not even this machine', async () => {
    await using trial = await openTrial();
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const address = server.address();
      assert.ok(address !== null && typeof address === 'object');
      const dial = `if (exec 3<>/dev/tcp/127.0.0.1/${address.port}) 2>/dev/null; then echo connected; fi`;
      assert.equal(await say(trial, `${dial}\ngrep -c : /proc/net/dev`), '1');
    } finally {
      server.close();
    }
  });

  it('runs as uid 1000 in cross, and really as the build user', async () => {
    await using trial = await openTrial();
    const who = 'id -u; id -g; id -un; cat /proc/sys/kernel/hostname; touch /out/x';
    assert.equal(await say(trial, who), '1000\n1000\nlfs\nblazeneuro');
    assert.equal((await stat(join(trial.folder, 'out/x'))).uid, host.user.uid);
  });

  it('has the sysroot as its root in chroot, as uid 0, and nothing of the host', async () => {
    await using trial = await openTrial();
    await trial.addLayer({ ...(await bareSystem()), 'etc/own': '' });
    const who = 'echo $EUID /*; echo /etc/*; : > /out/x; if (: > /new) 2>/dev/null; then echo written; fi';
    const said = await say(trial, who, { kind: 'chroot' });
    assert.equal(said, '0 /build /dev /etc /lib /lib64 /out /proc /tmp /usr\n/etc/own');
    assert.equal((await stat(join(trial.folder, 'out/x'))).uid, host.user.uid);
  });

  it('shows files read-only where it is told to', async () => {
    await using trial = await openTrial();
    const source = join(trial.folder, 'blob');
    await writeFile(source, 'bytes');
    const readOnly = [{ source, path: '/build/archives/0/name with space.tar' }];
    const script =
      'cat "/build/archives/0/name with space.tar"; if (: > "$_") 2>/dev/null; then echo written; fi';
    assert.equal(await say(trial, script, { readOnly }), 'bytes');
  });

  it('has exactly the environment that it is given', async () => {
    await using trial = await openTrial();
    const env = { PATH: '/usr/bin', NAME: 'a b\n$c' };
    const names = await say(trial, 'compgen -e | sort; printf "%s" "$NAME"', { env });
    // PWD and SHLVL are bash's own.
    assert.equal(names, 'NAME\nPATH\nPWD\nSHLVL\na b\n$c');
  });

  it('ends with the exit code of its command, and all its processes with it', async () => {
    await using trial = await openTrial();
    const canary = `100.${process.pid}`;
    const result = await trial.run(
      trial.sandbox(`(setsid sleep ${canary} > /dev/null 2>&1 &)\nexit 7`),
      host,
    );
    assert.equal(result.exitCode, 7);
    assert.equal(await isRunning(`sleep\0${canary}`), false);
  });

  it('mounts nothing that others see', async () => {
    await using trial = await openTrial();
    await trial.addLayer({ x: '' });
    const before = await readFile('/proc/self/mounts', 'utf8');
    await say(trial, 'true');
    assert.equal(await readFile('/proc/self/mounts', 'utf8'), before);
  });
}

/** Whether a process with these words, each but the last ended by a zero byte, runs anywhere on this machine. */
async function isRunning(words: string): Promise<boolean> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map(commandLine));
  return lines.some((line) => line.includes(words));
}

async function commandLine(id: string): Promise<string> {
  try {
    return await readFile(`/proc/${id}/cmdline`, 'utf8');
  } catch (error) {
    // It ended while we looked.
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH')) return '';
    throw error;
  }
}
