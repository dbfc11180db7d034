/** The label of the ESP, as a file manager shows it. */
export const ESP_LABEL = 'BLAZENEURO';

/** A file of the ESP: its path there, and the name of its bytes in the work folder. */
export type EspFile = {
  readonly path: string;
  readonly staged: string;
  /** Whether it may be absent. */
  readonly isOptional?: boolean;
  /** The build that it comes from. */
  readonly build: string;
  /** Of a file that the image itself made: the builds whose files are in it. */
  readonly from?: readonly string[];
};

const MIB = 1024 * 1024;

/** A FAT is FAT32 by the count of its clusters alone, so a small one needs small clusters. */
const CLUSTERS_MIN = 65525;

/** Sectors per cluster: 4 KiB as flash likes it, less where that would leave too few clusters. */
export function sectorsPerCluster(espSizeBytes: number): number {
  const fits = [8, 4, 2, 1].find((sectors) => hasClustersEnough(espSizeBytes, sectors));
  if (fits === undefined) throw new RangeError(`An ESP of ${espSizeBytes} bytes is too small for FAT32.`);
  return fits;
}

/** Whether an ESP of this size can be FAT32. */
export function isEspSize(sizeBytes: number): boolean {
  return hasClustersEnough(sizeBytes, 1);
}

/** A cluster takes its sectors and four bytes in each of the two tables; what else there is fits into a MiB. */
function hasClustersEnough(sizeBytes: number, sectors: number): boolean {
  return (sizeBytes - MIB) / (sectors * 512 + 8) > CLUSTERS_MIN;
}

/**
 * Shell commands that make the ESP as a file of the work folder, by mkfs.fat and mtools. Both take every time from
 * SOURCE_DATE_EPOCH, but for the label's time, which mkfs.fat 4.2 takes from the clock unless told `--invariant`; that
 * sets a fixed id as well, so the id comes behind it.
 */
export function espScript(options: {
  readonly file: string;
  readonly sizeBytes: number;
  readonly startSector: number;
  readonly volumeId: string;
  readonly files: readonly EspFile[];
}): string {
  const { file, sizeBytes, startSector, volumeId, files } = options;
  const folders = [...new Set(files.flatMap(({ path }) => foldersAbove(path)))].sort();
  return `truncate -s ${sizeBytes} ${file}
mkfs.fat -F 32 -S 512 -s ${sectorsPerCluster(sizeBytes)} -R 32 -f 2 -h ${startSector} --invariant -i ${volumeId} -n ${ESP_LABEL} ${file} >mkfs.fat.log
export MTOOLSRC=/dev/null
mmd -i ${file} ${folders.map((folder) => `::${folder}`).join(' ')}
${files.map((espFile) => `${copyCommand(file, espFile)}\n`).join('')}`;
}

function copyCommand(file: string, { path, staged, isOptional }: EspFile): string {
  const copy = `mcopy -i ${file} ${staged} ::${path}`;
  return isOptional ? `if [ -e ${staged} ]; then ${copy}; fi` : copy;
}

function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_, at) => `/${names.slice(0, at + 1).join('/')}`);
}

/** The settings file that people edit on any computer: every key as a comment, with an example. */
export const BLAZENEURO_CONF = `# BlazeNeuro reads this file once, at the first boot. Take the # away before a line to set it.
# Passwords are wiped from this file once they are applied. Without one, the console asks at first boot.

# The machine's name in the network.
#HOSTNAME=blazeneuro

# A name of the time zone database.
#TIMEZONE=Europe/Berlin

# The keyboard.
#KEYMAP=de-latin1

# Passwords are given as hashes; this makes one: openssl passwd -6
#ROOT_PASSWORD_HASH=$6$salt$hash

# A user beside root.
#USER_NAME=ada
#USER_PASSWORD_HASH=$6$salt$hash

# A public key that may log in as that user.
#SSH_KEY=ssh-ed25519 AAAA... ada@example.org
`;
