import { END, longEntry, paxEntry, type RawEntry, tarBytes } from './tar-writer.ts';

/** What an attack knows of the archive that it goes into. */
export type Scene = {
  /** What is before each name: the top folder and a slash, or nothing. */
  readonly top: string;
  /** A folder outside, by its absolute path: nothing in it may change. */
  readonly canary: string;
  /** A number to choose by. */
  readonly pick: number;
};

/** Entries that have to be refused, and what must be said of them. */
export type Attack = {
  readonly says: RegExp;
  /** Goes between good entries; default: nothing. */
  readonly entries?: (scene: Scene) => RawEntry[];
  /** What is after the last entry; default: the mark that ends an archive. */
  readonly end?: (scene: Scene) => Buffer;
};

const file = (name: string | Buffer, more: Partial<RawEntry> = {}): RawEntry => ({
  type: '0',
  name,
  body: Buffer.from('evil\n'),
  ...more,
});
const link = (name: string, target: string): RawEntry => ({ type: '2', name, target });
const hardLink = (name: string, target: string): RawEntry => ({ type: '1', name, target });

const CLIMBS = /has "\.\." in its name$/;
const ABSOLUTE = /has an absolute name$/;
const LEAVES = /is a link that leads out of the tree: /;
const NO_TEXT = /has a name that is not UTF-8, or with control characters in it$/;
const TWICE = /is in the archive twice$/;

/** Limits of the judge are as in `trial.ts`. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  climb: { says: CLIMBS, entries: ({ top }) => [file(`${top}../../canary/file`)] },
  'climb at once': { says: CLIMBS, entries: () => [file('../canary/file')] },
  'climb by a folder': { says: CLIMBS, entries: () => [{ type: '5', name: '..' }] },
  'climb by a long name': { says: CLIMBS, entries: ({ top }) => [longEntry('L', `${top}../x`), file('x')] },
  'climb by pax': { says: CLIMBS, entries: ({ top }) => [paxEntry({ path: `${top}a/../../x` }), file('x')] },
  absolute: { says: ABSOLUTE, entries: ({ canary }) => [file(`${canary}/file`)] },
  'absolute by pax': {
    says: ABSOLUTE,
    entries: ({ canary }) => [paxEntry({ path: `${canary}/file` }), file('x')],
  },
  'link to an absolute name': { says: LEAVES, entries: ({ top, canary }) => [link(`${top}evil`, canary)] },
  'link that climbs': { says: LEAVES, entries: ({ top }) => [link(`${top}evil`, '../../canary')] },
  'link by pax': {
    says: LEAVES,
    entries: ({ top, canary }) => [paxEntry({ linkpath: canary }), link(`${top}evil`, 'one')],
  },
  'link by a long target': {
    says: LEAVES,
    entries: ({ top, canary }) => [longEntry('K', `${canary}${'/.'.repeat(60)}`), link(`${top}evil`, '/one')],
  },
  'link through a link': {
    says: LEAVES,
    entries: ({ top }) => [
      link(`${top}evil/down/up`, '../..'),
      link(`${top}evil/out`, `down/up/${top === '' ? '' : '../'}../canary`),
    ],
  },
  'write through a link that leaves': {
    says: /lies behind the link /,
    entries: ({ top, canary }) => [link(`${top}evil`, canary), file(`${top}evil/file`)],
  },
  'write through a link that stays': {
    says: /lies behind the link /,
    entries: ({ top }) => [link(`${top}evil`, '.'), file(`${top}evil/new/file`)],
  },
  'write to a link': {
    says: TWICE,
    entries: ({ top, canary }) => [link(`${top}evil`, `${canary}/file`), file(`${top}evil`)],
  },
  'folder in place of a link': {
    says: TWICE,
    entries: ({ top, canary }) => [
      link(`${top}evil`, canary),
      { type: '5', name: `${top}evil` },
      file(`${top}evil/file`),
    ],
  },
  'hard link to an absolute name': {
    says: /is a hard link to .+, which has an absolute name$/,
    entries: ({ top, canary }) => [hardLink(`${top}evil`, `${canary}/file`), file(`${top}evil`)],
  },
  'hard link that climbs': {
    says: /is a hard link to .+, which has "\.\." in its name$/,
    entries: ({ top }) => [hardLink(`${top}evil`, '../canary/file')],
  },
  'hard link to what is not there': {
    says: /is a hard link to .+, which is no file before it in the archive$/,
    entries: ({ top }) => [hardLink(`${top}evil`, `${top}later`), file(`${top}later`)],
  },
  'hard link to a link': {
    says: /is a hard link to .+, which is no file before it in the archive$/,
    entries: ({ top, canary }) => [
      link(`${top}evil`, `${canary}/file`),
      hardLink(`${top}hard`, `${top}evil`),
    ],
  },
  'character device': { says: /is a device$/, entries: ({ top }) => [{ type: '3', name: `${top}evil` }] },
  'block device': { says: /is a device$/, entries: ({ top }) => [{ type: '4', name: `${top}evil` }] },
  fifo: { says: /is a fifo$/, entries: ({ top }) => [{ type: '6', name: `${top}evil` }] },
  'sparse file': { says: /is a sparse file$/, entries: ({ top }) => [file(`${top}evil`, { type: 'S' })] },
  'sparse file by pax': {
    says: /has a sparse file in it$/,
    entries: ({ top }) => [
      paxEntry({ 'GNU.sparse.map': '0,1', 'GNU.sparse.size': '9999999' }),
      file(`${top}evil`),
    ],
  },
  'unknown kind': {
    says: /is of a kind that has no name|is a list of files|is a label of a tape|goes on from another archive/,
    entries: ({ top, pick }) => [file(`${top}evil`, { type: 'ABDEMNVXZ\u007f '[pick % 11] ?? 'A' })],
  },
  twice: { says: TWICE, entries: ({ top }) => [file(`${top}one`)] },
  'file and folder': {
    says: TWICE,
    entries: ({ top }) => [file(`${top}evil`), { type: '5', name: `${top}evil` }],
  },
  'below a file': {
    says: /lies below .+, which is a file$/,
    entries: ({ top }) => [file(`${top}evil`), file(`${top}evil/x`)],
  },
  'folder and file': { says: TWICE, entries: ({ top }) => [file(`${top}evil/x`), file(`${top}evil`)] },
  twins: {
    says: /has a twin: /,
    entries: ({ top }) => [file(`${top}evil-\u00e9`), file(`${top}evil-e\u0301`)],
  },
  'twins of folders': {
    says: /has a twin: /,
    entries: ({ top }) => [file(`${top}\u212b/x`), link(`${top}A\u030a/y`, 'z')],
  },
  'control character': {
    says: NO_TEXT,
    entries: ({ top, pick }) => [
      file(`${top}evil${'\n\r\u001b\u007f\u0085\u2028\t\u0001'[pick % 8] ?? '\n'}`),
    ],
  },
  'no UTF-8': { says: NO_TEXT, entries: () => [file(Buffer.from([0x65, 0xe9, 0x2f, 0xff]))] },
  'surrogates by pax': {
    says: NO_TEXT,
    entries: () => [paxEntry({ path: Buffer.from([0x61, 0xed, 0xa0, 0x80]) }), file('x')],
  },
  'byte 0 by pax': {
    says: NO_TEXT,
    entries: ({ top }) => [paxEntry({ path: `${top}evil\0/../x` }), file('x')],
  },
  'control character in a target': {
    says: /is a link to a name that is not UTF-8, or with control characters in it$/,
    entries: ({ top }) => [link(`${top}evil`, 'a\nb')],
  },
  'link to nothing': { says: /is a link to nothing$/, entries: ({ top }) => [link(`${top}evil`, '')] },
  'no name': { says: /has no name$/, entries: () => [file('')] },
  'too large': {
    says: /has more than \d+ bytes in it$/,
    entries: ({ top, pick }) => [
      file(`${top}evil`, { size: Buffer.from(pick % 2 ? '77777777777 ' : '00010000000 ') }),
    ],
  },
  'too large for any field': {
    says: /has more than \d+ bytes in it$/,
    entries: ({ top }) => [
      file(`${top}evil`, { size: Buffer.from([0x80, 0, 0, 0, 0, 0, 0x1f, 255, 255, 255, 255, 255]) }),
    ],
  },
  'too large by pax': {
    says: /has more than \d+ bytes in it$/,
    entries: ({ top }) => [paxEntry({ size: '99999999999' }), file(`${top}evil`)],
  },
  'too many': {
    says: /has too many entries, or too long names$/,
    entries: ({ top }) =>
      Array.from({ length: 300 }, (_, index) => ({ type: '5', name: `${top}evil${index}` })),
  },
  'too many folders in few entries': {
    says: /has too many entries, or too long names$/,
    entries: ({ top }) => Array.from({ length: 20 }, (_, at) => file(`${top}${`evil${at}/`.repeat(12)}x`)),
  },
  'too deep': {
    says: /lies more than 20 folders deep$/,
    entries: ({ top }) => [longEntry('L', `${top}${'evil/'.repeat(21)}x`), file('x')],
  },
  'name too long': {
    says: /has a name of more than 1024 bytes$/,
    entries: ({ top }) => [longEntry('L', `${top}${`${'e'.repeat(250)}/`.repeat(5)}`), file('x')],
  },
  'part of a name too long': {
    says: /has a name with a part of more than 255 bytes$/,
    entries: ({ top }) => [paxEntry({ path: `${top}${'é'.repeat(128)}` }), file('x')],
  },
  'target too long': {
    says: /is a link to a name of more than 4095 bytes$/,
    entries: ({ top }) => [longEntry('K', 'e/'.repeat(2100)), link(`${top}evil`, 'x')],
  },
  'wrong sum': {
    says: /has a malformed header|is no tar archive/,
    entries: ({ top }) => [file(`${top}evil`, { sumIsOffBy: 1 })],
  },
  'size that is none': {
    says: /has a malformed header|is no tar archive/,
    entries: ({ top, pick }) => [
      file(`${top}evil`, {
        size: Buffer.from(['99999999999 ', '-0000000001 ', '            ', '0x5         '][pick % 4] ?? ''),
      }),
    ],
  },
  'size below nothing': {
    says: /has a malformed header|is no tar archive/,
    entries: ({ top }) => [file(`${top}evil`, { size: Buffer.alloc(12, 0xff) })],
  },
  'malformed pax': {
    says: /has a malformed extended header$/,
    entries: ({ top, pick }) => [
      {
        ...paxEntry({}),
        body: Buffer.from(['99 path=x\n', '8 path=x\n', 'path=x\n', '8 pathx\n', '5 =x\n'][pick % 5] ?? ''),
      },
      file(`${top}evil`),
    ],
  },
  'size by pax that is none': {
    says: /has a malformed extended header$/,
    entries: ({ top }) => [paxEntry({ size: '-1' }), file(`${top}evil`)],
  },
  'pax for all': {
    says: /says for all entries what their (?:path|linkpath|size) is$/,
    entries: ({ pick }) => [paxEntry({ [['path', 'linkpath', 'size'][pick % 3] ?? '']: '3' }, 'g')],
  },
  'two long names': {
    says: /says twice what an entry is called, or how large it is$/,
    entries: ({ top }) => [longEntry('L', `${top}a`), longEntry('L', '../x'), file('x')],
  },
  'a long name and pax': {
    says: /says twice what an entry is called, or how large it is$/,
    entries: ({ top }) => [longEntry('L', `${top}a`), paxEntry({ path: '../x' }), file('x')],
  },
  'endless extended header': {
    says: /has an extended header that is too long$/,
    entries: () => [{ type: 'L', name: 'x', size: Buffer.from('00040000000 ') }],
  },
  'folder with bytes': {
    says: /is a folder that has bytes of its own$/,
    entries: ({ top }) => [file(`${top}evil`, { type: '5' })],
  },
  'link with bytes': {
    says: /is a link that has bytes of its own$/,
    entries: ({ top }) => [file(`${top}evil`, { type: '2', target: 'one' })],
  },
  'no end': { says: /is cut off$/, end: () => Buffer.alloc(0) },
  'cut off in a header': {
    says: /is cut off$/,
    end: ({ top, pick }) => tarBytes([file(`${top}evil`)]).subarray(0, 1 + (pick % 511)),
  },
  'cut off in a file': {
    says: /is cut off$/,
    end: ({ top, pick }) =>
      tarBytes([file(`${top}evil`, { body: Buffer.alloc(2000, 'x') })]).subarray(0, 512 + (pick % 2000)),
  },
  'nothing after a long name': {
    says: /has a malformed header/,
    end: () => Buffer.concat([tarBytes([longEntry('L', 'x')]), END]),
  },
  'more after the end': {
    says: /goes on after its end$/,
    end: ({ pick }) =>
      Buffer.concat([END, Buffer.alloc((pick % 40) * 512), tarBytes([file('../canary/file')]), END]),
  },
  'more after half an end': {
    says: /goes on after its end$/,
    end: () => Buffer.concat([END.subarray(512), tarBytes([file('../canary/file')]), END]),
  },
  'endless zeros': { says: /has more than \d+ bytes in it$/, end: () => Buffer.alloc(3 << 20) },
};
