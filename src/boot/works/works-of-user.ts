import type { Work } from './works.ts';

/** What a user does who has logged in: files, texts, processes, and what the profile has programs for. */
export function worksOfUser({
  user,
  password,
}: {
  readonly user: string;
  readonly password: string;
}): readonly Work[] {
  return [
    { name: 'files and their modes', script: 'files', expected: FILES },
    {
      name: 'what is not for a user',
      script: 'private',
      expected: {
        'reads what has no mode': 'no',
        'writes to the system': 'no',
        'reads hashes': 'no',
        'makes a device': 'no',
        mounts: 'no',
        'gives a file away': 'no',
        'ends the first process': 'no',
        'reads messages of the kernel': 'no',
        who: user,
        where: `/home/${user}`,
      },
    },
    { name: 'archives', script: 'archives', expected: ARCHIVES },
    { name: 'texts through pipes', script: 'texts', expected: TEXTS },
    { name: 'processes', script: 'processes', expected: PROCESSES },
    { name: 'make, diff and patch', script: 'build', needs: ['make', 'diff', 'patch'], expected: BUILD },
    { name: 'a text in nano', script: 'nano', needs: ['nano'], expected: { written: 'Written in nano' } },
    { name: 'a text in vi', script: 'vi', needs: ['vi'], expected: { written: 'Written in vi,second,' } },
    {
      name: 'the manual',
      script: 'manual',
      needs: ['man', 'less', 'file'],
      expected: { 'a page': '1', 'found by a word': '1', 'a pager': 'two', 'kind of a file': /ASCII text/ },
    },
    { name: 'jobs for cron', script: 'crontab', needs: ['crontab'], expected: CRONTAB },
    {
      name: 'a command as root by doas',
      script: 'doas',
      needs: ['doas'],
      words: [password],
      expected: { 'without being asked': 'no', becomes: 'root', 'with a wrong password': '0' },
    },
  ];
}

const CRONTAB = {
  'has jobs before': 'no',
  jobs: '17 4 * * 1 echo once a week',
  'sees the jobs of others': 'no',
  'reads the jobs of root': 'no',
  'has jobs afterwards': 'no',
} as const;

/** Whoever runs the scripts that these are of finds the same, on any Linux: their tests do. */
export const FILES = {
  'mode by umask': '600',
  'mode by letters': '640',
  'mode of a folder': 'drwxr-sr-x',
  'names of one file': '2',
  'through a link': 'first second',
  'a link is copied as one': '../private',
  'a link leads to what was moved': 'no',
  'time of change': '2001-02-03 04:05:06',
  'size of a hole': '1073741824',
  'blocks of a hole': '1',
  'sum of a mebibyte of zeros': '30e14955ebf13522',
  'two files are the same': 'yes',
  'what is left': 'hole moved sum zeros',
  'a named pipe': 'through',
} as const;

const SAME_OR_LEFT_OUT = /^(?:same|left out)$/;

export const ARCHIVES = {
  'packed by tar': 'same',
  'packed by gzip': 'same',
  'packed by xz': 'same',
  'packed by zstd': SAME_OR_LEFT_OUT,
  'packed by bsdtar': SAME_OR_LEFT_OUT,
  'a torn archive is whole': 'no',
  'unpacked by zcat': '20000',
  'unpacked by xzcat': '20000',
} as const;

export const TEXTS = {
  sort: 'apple 5,apple 12,fig 7,pear 3,',
  uniq: '2 apple',
  awk: '17 4',
  'awk counts in fractions': '3.1416',
  sed: '3p+12a+7f+5a',
  grep: 'letters/colours.txt letters/fruit.txt letters/old/notes.md',
  'grep of words': '2',
  find: 'colours.txt fruit.txt',
  'find and xargs': '15',
  join: 'fig 7 green,pear 3 yellow,',
  'tr and fold': 'sp',
  'seq and sum': '500500',
  'numbers for people': '1.0M',
  date: '2001-09-09 03:46:40 CEST',
  'letters beyond ASCII': '5',
  'code of characters': 'Grüße',
  base64: 'remember',
  'sum of a text': '35379d9c009e290d',
  split: 'part.aa part.ab',
  'a list edited in place': 'pear 3,fig 7,plum 1,',
} as const;

export const PROCESSES = {
  'ps by number': 'sleep',
  'pgrep by command line': /^(\d+)\/\1$/,
  stopped: 'T',
  'status of who was ended': '143',
  'is still there': 'no',
  pkill: '143',
  timeout: '124',
  nice: '5',
  trap: 'caught',
  'status of a pipe': '1',
  'memory is known': '1',
  'the first process': /./,
  'two at once': 'ab',
} as const;

export const BUILD = {
  made: 'Hello, world',
  'made again only when it must be': 'up to date',
  diff: '1 2',
  'patched to the same': 'yes',
  'patched back': 'Hello, world',
  'a patch that does not fit is taken': 'no',
  diff3: 'stick',
} as const;
