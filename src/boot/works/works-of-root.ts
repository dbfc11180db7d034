import type { Work } from './works.ts';

/** What root does: users, another drive, and the network. */
export function worksOfRoot({
  user,
  password,
  driveMiB,
}: {
  readonly user: string;
  readonly password: string;
  readonly driveMiB: number;
}): readonly Work[] {
  return [
    {
      name: 'users and their homes',
      script: 'accounts',
      words: [user, password],
      expected: {
        ...ACCOUNTS,
        'home and shell': `/home/${user}:/usr/bin/bash`,
        'home is private': `700 ${user} ${user}`,
      },
    },
    { name: 'another drive', script: 'drive', words: [String(driveMiB * 2048)], expected: DRIVE },
    {
      name: 'a server and a client on the loopback',
      script: 'loopback',
      needs: ['ip', 'ss', 'openssl', 'curl'],
      expected: { 'the loopback': '127.0.0.1/8', fetched: 'same', 'from somebody unknown': '60' },
    },
    {
      name: 'ssh on the loopback',
      script: 'ssh',
      needs: ['ip', 'ss', 'service', 'sshd', 'ssh'],
      words: [user],
      expected: { ...SSH, 'logs in with a key': `${user} /home/${user}` },
    },
    {
      name: 'a network, and an address by DHCP',
      script: 'network',
      needs: ['ip', 'service', 'dhcpcd'],
      expected: NETWORK,
    },
  ];
}

const ACCOUNTS = {
  'is in the group': '1',
  'password is set': 'P',
  'kind of hash': '$y$',
  'su becomes somebody else': 'visitor',
  'su - gives a login': '/home/visitor 0077',
  'a home is open to others': 'no',
  'hashes are open to others': 'no',
  'a locked password': 'L',
  'who was deleted is known': 'no',
  'who was deleted has a home': 'no',
  'pwck and grpck': 'content',
} as const;

/** Of `seq 1 100000`. */
const LONG_SUM = 'b2bc7d3f8b652d2e';

const DRIVE = {
  partitions: '1 disk 2 part',
  'kinds and names': 'SECOND ext4 first vfat',
  mounted: 'ext4 vfat',
  'not mounted': '0',
  'fsck of ext4': 'clean',
  'fsck of vfat': 'clean',
  'read back from ext4': LONG_SUM,
  'read back from vfat': LONG_SUM,
  'small file of ext4': 'kept',
  'small file of vfat': 'kept',
  'link of ext4': 'folder/small',
  'what is read-only is written to': 'no',
  'fsck after shrinking': 'clean',
} as const;

/** Of `seq 1 3000`. */
const SHORT_SUM = '2e57c67a8bbe706a';

const SSH = {
  'listens before': '0',
  'somebody unknown is not talked to': 'no',
  'root without a key': 'refused',
  // Two names for the same.
  'root by password': /^(?:without-password|prohibit-password)$/,
  'by rsync': new RegExp(`^(?:numbers ${SHORT_SUM}|left out)$`),
  'nothing is left to do': '0',
  'by scp': SHORT_SUM,
  'listens afterwards': '0',
} as const;

const NETWORK = {
  driver: 'e1000e',
  address: '10.0.2.15/24',
  'way out': '10.0.2.2',
  'names are asked for at': '10.0.2.3',
  'an echo': 'hello',
  'the router': '1',
} as const;
