import { failed, type GuestCheck, passed, splitParts } from './check.ts';
import { badKernelMessages, parseKernelMessages } from './kernel-messages.ts';

/** Where the link /sbin/init may lead: our sysvinit. */
const INIT_PATHS = ['/usr/sbin/init', '/sbin/init'];

/** The first process is the init that we built. */
export const initIsOurs: GuestCheck = {
  name: 'process 1 is our init',
  command: 'readlink /proc/1/exe; sha256sum < /proc/1/exe',
  judge: ({ output }, { initSha256 }) => {
    const [path = '', sum = ''] = output.split('\n');
    const digest = sum.split(' ')[0] ?? '';
    if (!INIT_PATHS.includes(path)) return failed(`process 1 is ${path}`);
    if (initSha256 !== undefined && digest !== initSha256) return failed(`${path} has the digest ${digest}`);
    return passed(path);
  },
};

/** What programs call their own open files is there: `<(…)` of bash needs it, and every other script /dev/stdin. */
export const openFilesHaveNames: GuestCheck = {
  name: '/dev/fd, /dev/stdin, /dev/stdout and /dev/stderr lead to open files',
  command: `bash -c 'read -r word < <(echo works) && echo "$word" | cat /dev/stdin && echo "$word" > /dev/stdout'`,
  judge: ({ output }) => (output === 'works\nworks' ? passed('both ways') : failed(output)),
};

/** The tables of sockets that can be reached from outside; a kernel without a protocol has no file for it. */
const SOCKET_TABLES = [
  'tcp',
  'tcp6',
  'udp',
  'udp6',
  'udplite',
  'udplite6',
  'raw',
  'raw6',
  'icmp',
  'icmp6',
  'packet',
];

/** proc_pid_net(5): TCP_LISTEN in the column `st`. */
const TCP_LISTEN = '0A';

/** Nothing waits for the network, on any protocol. */
export const nothingListens: GuestCheck = {
  name: 'no socket listens',
  command: `cd /proc/net; for t in ${SOCKET_TABLES.join(' ')}; do [ ! -e $t ] || { echo "== $t"; cat $t; }; done`,
  judge: ({ output }) => {
    const parts = splitParts(output);
    if (parts.size === 0) return failed('/proc/net shows no table at all');
    const open = [...parts].flatMap(([table, [_heading, ...rows]]) =>
      rows.filter((row) => !table.startsWith('tcp') || listens(row)).map((row) => `${table}: ${row.trim()}`),
    );
    return open.length === 0 ? passed(`none in ${[...parts.keys()].join(' ')}`) : failed(open.join('; '));
  },
};

function listens(row: string): boolean {
  return row.trim().split(/\s+/)[3] === TCP_LISTEN;
}

/** The kernel complained of nothing that is not explained. */
export const kernelIsContent: GuestCheck = {
  name: 'no kernel message of level err or worse',
  command: 'dmesg --raw',
  judge: ({ output }) => {
    const messages = parseKernelMessages(output);
    if (messages.length === 0) return failed('the ring buffer is empty');
    const bad = badKernelMessages(messages);
    return bad.length === 0
      ? passed(`${messages.length} messages`)
      : failed(bad.map(({ level, text }) => `<${level}> ${text}`).join('; '));
  },
};

/** The settings of `blazeneuro.conf` are in force. */
export const settingsAreApplied: GuestCheck = {
  name: 'settings of blazeneuro.conf are applied',
  command: 'cat /proc/sys/kernel/hostname /etc/hostname; cut -d: -f1 /etc/passwd',
  judge: ({ output }, { hostname, userName }) => {
    const [running, stored, ...users] = output.split('\n').map((line) => line.trim());
    if (running !== hostname || stored !== hostname) {
      return failed(`the host is named ${running}, and /etc/hostname says ${stored}: not ${hostname}`);
    }
    return users.includes(userName) ? passed(`${hostname}, ${userName}`) : failed(`no user ${userName}`);
  },
};
