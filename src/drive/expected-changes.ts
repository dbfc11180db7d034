import type { AspectName, Finding, FindingKind, FindingPlace } from './finding.ts';

/** Something that a running system does to its stick, or that people do to it as they were told to. */
export type ExpectedChange = {
  readonly place: FindingPlace;
  readonly paths: RegExp;
  readonly kinds: readonly FindingKind[];
  /** What of it may differ when it is changed. */
  readonly aspects?: readonly AspectName[];
  readonly because: string;
};

/** Modes and owners stay what they are: nothing that runs by itself changes those of files that were there. */
const CONTENT: readonly AspectName[] = ['content'];

/**
 * Everything that is expected: by the boot scripts (recipes/boot-scripts), by the programs of accounts and networks
 * that they or people run, and by other systems that the ESP is shown to. What is not here is told as a difference.
 */
export const EXPECTED_CHANGES: readonly ExpectedChange[] = [
  {
    place: 'root',
    paths: /^\/etc\/machine-id$/,
    kinds: ['extra', 'changed'],
    aspects: CONTENT,
    because: 'made at the first boot (boot/start/40-identity)',
  },
  {
    place: 'root',
    paths: /^\/etc\/ssh\/ssh_host_\w+_key(?:\.pub)?$/,
    kinds: ['extra'],
    because: 'keys of this machine, made on the stick',
  },
  {
    place: 'root',
    paths: /^\/etc\/(?:hostname|hosts)$/,
    kinds: ['changed'],
    aspects: CONTENT,
    because: 'HOSTNAME of blazeneuro.conf',
  },
  {
    place: 'root',
    paths: /^\/etc\/localtime$/,
    kinds: ['changed'],
    aspects: ['target'],
    because: 'TIMEZONE of blazeneuro.conf',
  },
  {
    place: 'root',
    paths: /^\/etc\/vconsole\.conf$/,
    kinds: ['extra', 'changed'],
    aspects: CONTENT,
    because: 'KEYMAP of blazeneuro.conf',
  },
  {
    place: 'root',
    paths: /^\/etc\/(?:passwd|shadow|group|gshadow|subuid|subgid)-?$/,
    kinds: ['changed', 'extra'],
    aspects: CONTENT,
    because: 'accounts and passwords',
  },
  {
    place: 'root',
    paths: /^\/etc\/(?:\.pwd|passwd|shadow|group|gshadow|subuid|subgid)\.lock$/,
    kinds: ['extra'],
    because: 'a lock of a program that changes accounts',
  },
  {
    place: 'root',
    // write_whole of the boot scripts writes beside a file first; a cut of power leaves that.
    paths: /^\/etc\/(?:machine-id|hostname|hosts|localtime|vconsole\.conf)\.new$/,
    kinds: ['extra'],
    because: 'left where the power was cut while it was written',
  },
  {
    place: 'root',
    paths: /^\/etc\/resolv\.conf$/,
    kinds: ['changed', 'extra'],
    aspects: [...CONTENT, 'target', 'type', 'mode'],
    because: 'the network names its servers',
  },
  {
    place: 'root',
    paths: /^\/var\/./,
    kinds: ['extra', 'changed', 'missing'],
    aspects: CONTENT,
    because: 'state of the running system',
  },
  {
    place: 'root',
    paths: /^\/(?:home|root|srv|mnt|media|usr\/local)\/./,
    kinds: ['extra', 'changed', 'missing'],
    aspects: [...CONTENT, 'mode', 'owner', 'target', 'type', 'attributes'],
    because: 'belongs to the people who use it',
  },
  {
    place: 'root',
    paths: /^\/tmp\/./,
    kinds: ['extra'],
    because: 'files for a while',
  },
  {
    place: 'root',
    paths: /^\/lost\+found\/./,
    kinds: ['extra'],
    because: 'e2fsck puts there what has no name any more',
  },
  {
    place: 'esp',
    paths: /^\/blazeneuro\.conf$/,
    kinds: ['changed', 'missing'],
    aspects: CONTENT,
    because: 'settings; their secrets are wiped once they are applied',
  },
  {
    place: 'esp',
    paths:
      /^\/(?:system volume information|\$recycle\.bin|\.trash[^/]*|\.trashes|\.fseventsd|\.spotlight-v100|\.temporaryitems|found\.\d{3})(?:\/|$)|\/(?:\._[^/]*|\.ds_store|desktop\.ini|thumbs\.db|indexervolumeguid|wpsettings\.dat)$|^\/fsck\d{4}\.rec$/i,
    kinds: ['extra'],
    because: 'left by another operating system, or by a check of the file system',
  },
];

/** What no change that is expected gives a file: the rights of its owner for whoever runs it, or a device behind it. */
export type FoundNature = { readonly isPrivileged: boolean; readonly isDevice: boolean };

/** The finding, with the reason why it is expected, if there is one. */
export function judged(finding: Finding, nature?: FoundNature): Finding {
  // Wherever it lies: nothing that is expected needs rights of its own, or is a device of its own.
  if (nature !== undefined && (nature.isPrivileged || nature.isDevice)) return finding;
  const change = EXPECTED_CHANGES.find((one) => covers(one, finding));
  return change === undefined ? finding : { ...finding, expectedBecause: change.because };
}

function covers({ place, paths, kinds, aspects }: ExpectedChange, finding: Finding): boolean {
  return (
    place === finding.place &&
    kinds.includes(finding.kind) &&
    paths.test(finding.path) &&
    (finding.kind !== 'changed' || finding.aspects.every(({ name }) => aspects?.includes(name) === true))
  );
}
