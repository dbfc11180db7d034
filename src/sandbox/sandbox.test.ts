import assert from 'node:assert/strict';
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
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
      '/new',
      '/dev/new',
      '/usr/local/new',
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

  it('has ended only when the last of its processes has, however they hide', async () => {
    await using trial = await openTrial();
    // Twenty that write as fast as they can, in sessions of their own, away from the shell that started them.
    const daemons =
      'for i in {1..20}; do (setsid bash -c "while :; do echo x >> /out/$i; done" &) ; done; until [ -e /out/20 ] && [ -e /out/1 ]; do sleep 0.05; done';
    assert.ok((await trial.run(trial.sandbox(daemons), host)).succeeded);
    const sizes = async () =>
      Promise.all(
        (await readdir(join(trial.folder, 'out'))).map(
          async (name) => (await stat(join(trial.folder, 'out', name))).size,
        ),
      );
    const before = await sizes();
    await sleep(50);
    assert.deepEqual(await sizes(), before);
  });

  it('inherits no descriptor but the three streams and the log', async () => {
    await using trial = await openTrial();
    const sandbox = trial.sandbox('echo /proc/self/fd/*; ls -l /proc/1/fd');
    await using secret = await open(join(trial.folder, 'secret'), 'w');
    const said = await trial.run(sandbox, host, [secret.fd, secret.fd, secret.fd]);
    // What the log's place is given here is passed on; the glob itself opens 4.
    assert.match(said.stdout, /^(\/proc\/self\/fd\/[01234] ?)+\n/);
    assert.equal([...said.stdout.matchAll(/secret/g)].length, 0);
  });

  it('has no way to what no namespace parts', async () => {
    await using trial = await openTrial();
    const tries = {
      'a user namespace': 'unshare --user true',
      'another namespace of processes, by clone': `perl -e 'exit(syscall(56, 0x30000011, 0, 0, 0, 0) < 0)'`,
      'the keyring of who started it': `perl -e 'exit(syscall(250, 0, -3, 1) < 0)'`,
      'the machine below this one': `perl -MSocket -e 'exit(!socket(S, 40, 1, 0))'`,
      'a raw socket': `perl -MSocket -e 'exit(!socket(S, 2, 3, 1))'`,
      'an attribute that no digest covers': `perl -e '$n = "user.overlay.opaque"; exit(syscall(188, "/out", $n, "y", 1, 0) < 0)'`,
      'the 32-bit calls': `perl -e 'exit(syscall(0x40000000 + 39) < 0)'`,
      "the kernel's log": 'dmesg',
    };
    for (const [what, command] of Object.entries(tries)) {
      const result = await trial.run(trial.sandbox(command), host);
      assert.notEqual(result.exitCode, 0, what);
      assert.equal(result.outcome, 'exited', what);
    }
  });

  it('gives a way to join threads, sockets of its own and files of others', async () => {
    await using trial = await openTrial();
    await say(trial, `perl -MSocket -e 'socket(S, $_, 1, 0) or die $! for 1, 2, 10; fork // die'`);
    await say(trial, `: > /tmp/x; : > /dev/shm/x; cp -a /tmp/x /out/y; mkfifo /out/pipe`);
  });

  it('keeps to its limits', async () => {
    await using trial = await openTrial();
    const limits = { processes: 50, fileBytes: 1 << 20 };
    const forks = `perl -e 'for (1..60) { defined(my $pid = fork) or die "no more: $!"; sleep 100 if !$pid }'`;
    const bomb = await trial.run(trial.sandbox(forks, { limits }), host);
    assert.match(bomb.stderr, /no more: Resource temporarily unavailable/);
    const large = await trial.run(trial.sandbox('truncate -s 2M /out/x', { limits }), host);
    // SIGXFSZ ended it.
    assert.equal(large.exitCode, 128 + 25);
    assert.equal(await say(trial, 'ulimit -Hu 60 && echo raised', { limits }).catch(() => 'no'), 'no');
  });

  it('is what the kernel ends first when memory is short', async () => {
    await using trial = await openTrial();
    assert.equal(await say(trial, 'cat /proc/self/oom_score_adj'), '900');
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
