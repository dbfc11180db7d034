/** What surrounds an assembly or a build, and must not decide a byte of what it gives. */
export type Surroundings = {
  /** Another user, who is not root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly umask?: string;
  readonly hostName?: string;
  /** One processor, by its number, and so one thing at a time. */
  readonly oneCore?: number;
  /** Addresses that are not random (personality(2)). */
  readonly fixedAddresses?: true;
  /** A machine that says of itself that it is another; what is compiled would believe it. */
  readonly machine?: 'i686';
  readonly env?: Readonly<Record<string, string>>;
  /** Days that the clock is ahead, of the program and of the tools. */
  readonly clockDays?: number;
  /** Where the work is done: a folder of a long name, a file system in memory, or one that shuffles every folder. */
  readonly place?: 'long-name' | 'memory' | 'shuffled';
};

/** One second run, named after what is not as in the first. */
export type Variation = { readonly name: string; readonly surroundings: Surroundings };

/** Neither user has a name, a group or a home anywhere. */
const SOMEBODY = { uid: 54321, gid: 54322 };

/** Variables that the tools or Node would heed, if any reached them; and some that nobody knows. */
const NOISE: Readonly<Record<string, string>> = {
  HOME: '/nonexistent/home',
  USER: 'somebody',
  LOGNAME: 'somebody',
  TMPDIR: '/nonexistent/tmp',
  E2FSPROGS_FAKE_TIME: '1',
  MKE2FS_CONFIG: '/nonexistent/mke2fs.conf',
  MKE2FS_SYNC: '1',
  MTOOLSRC: '/nonexistent/mtools.conf',
  MTOOLS_NO_VFAT: '1',
  GZIP: '-1',
  CFLAGS: '-O0 -g',
  MAKEFLAGS: '-k',
  COLUMNS: '23',
  POSIXLY_CORRECT: '1',
  NOISE: 'x'.repeat(5000),
};

/** Turkish has its own upper case of i, and Swedish its own order; Node takes both from here, installed or not. */
const localeOf = (name: string): Record<string, string> => ({ LC_ALL: name, LANG: name, LANGUAGE: name });

const EVERYTHING: Surroundings = {
  umask: '0077',
  hostName: 'other.example',
  oneCore: 0,
  fixedAddresses: true,
  env: { ...NOISE, ...localeOf('tr_TR.UTF-8'), TZ: 'Pacific/Kiritimati' },
};

/** The ways in which a whole image is assembled again, each beside the program's own. */
export const IMAGE_VARIATIONS: readonly Variation[] = [
  { name: 'another folder', surroundings: { place: 'long-name' } },
  { name: 'another file system', surroundings: { place: 'memory' } },
  { name: 'folders in another order', surroundings: { place: 'shuffled' } },
  { name: '400 days later', surroundings: { clockDays: 400 } },
  { name: '700 days earlier', surroundings: { clockDays: -700 } },
  { name: 'a strict umask', surroundings: { umask: '0077' } },
  { name: 'no umask', surroundings: { umask: '0000' } },
  { name: 'another user, without root', surroundings: { user: SOMEBODY } },
  { name: 'a time zone ahead', surroundings: { env: { TZ: 'Pacific/Kiritimati' } } },
  { name: 'a time zone behind', surroundings: { env: { TZ: 'America/St_Johns' } } },
  { name: 'a Turkish locale', surroundings: { env: localeOf('tr_TR.UTF-8') } },
  { name: 'a Swedish locale', surroundings: { env: localeOf('sv_SE.ISO8859-1') } },
  { name: 'one core', surroundings: { oneCore: 0 } },
  { name: 'another host name', surroundings: { hostName: 'other.example' } },
  { name: 'a noisy environment', surroundings: { env: NOISE } },
  { name: 'addresses that are not random', surroundings: { fixedAddresses: true } },
  { name: 'another name of the machine', surroundings: { machine: 'i686' } },
  {
    name: 'everything at once',
    surroundings: { ...EVERYTHING, user: SOMEBODY, machine: 'i686', clockDays: 400, place: 'memory' },
  },
];

/**
 * How builds are built again: all at once. The clock is another by itself, since it goes on; a build that is told
 * another by a library in front of its own programs would be another build. Which core it is, the run says.
 */
export const BUILD_SURROUNDINGS: Surroundings = EVERYTHING;
