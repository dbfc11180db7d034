import { formatBytes, type HostPath } from '#base';
import { quoteWord } from '#process';
import type { BlockDevice } from './block-device.ts';
import { type Drive, tellingSerial } from './drive.ts';
import { judgeContents } from './judge-contents.ts';
import { judgeNature, judgePartition, USE_ANOTHER } from './judge-nature.ts';
import { judgeUse } from './judge-use.ts';
import { devicesOn, type Machine } from './machine.ts';
import type { Refusal } from './refusal.ts';

/** What somebody wants to do with a drive. */
export type Wish = {
  readonly image?: {
    readonly path: HostPath;
    readonly sizeBytes: number;
    /** The devices that its file lies on. */
    readonly deviceNames: readonly string[];
    /** Loop devices that stand for this very file. */
    readonly loopNames: readonly string[];
  };
  readonly typedSerial?: string | undefined;
};

/** A drive that is larger is hardly the stick that was meant: its serial has to be typed. */
const LARGEST_UNNAMED_BYTES = 256e9;

/** What was named, and the whole drive that it is or belongs to. */
export type Named = { readonly device: BlockDevice; readonly disk: BlockDevice; readonly drive: Drive };

/** Every reason why a drive may not be written; none when it may. */
export function judgeDrive({ device, disk, drive }: Named, machine: Machine, wish: Wish): readonly Refusal[] {
  const refusals = [
    ...judgePartition(device),
    ...judgeNature(disk, machine),
    ...judgeUse(disk, machine),
    ...judgeContents(drive),
    ...judgeImage(disk, machine, wish),
  ];
  // A serial would not help where other reasons stand.
  const hint = refusals.length > 0 ? USE_ANOTHER : undefined;
  return [...refusals, ...judgeIdentity(drive, wish).map((one) => ({ ...one, hint: hint ?? one.hint }))];
}

function judgeImage(device: BlockDevice, machine: Machine, { image }: Wish): readonly Refusal[] {
  if (image === undefined) return [];
  const refusals: Refusal[] = [];
  const { name, sizeBytes } = device;
  const on = devicesOn(name, machine);
  if (image.loopNames.includes(name) || image.deviceNames.some((deviceName) => on.has(deviceName))) {
    refusals.push({
      kind: 'holds-image',
      message: `The image ${image.path} lies on ${name} itself`,
      hint: 'Copy the image to another disk, or use another drive',
    });
  }
  if (sizeBytes > 0 && sizeBytes < image.sizeBytes) {
    const missing = formatBytes(image.sizeBytes - sizeBytes);
    refusals.push({
      kind: 'too-small',
      message: `${name} has ${formatBytes(sizeBytes)}, ${missing} less than the image needs`,
      hint: `Use a drive of at least ${formatBytes(image.sizeBytes)}`,
    });
  }
  return refusals;
}

/** Whoever types a serial has looked at the drive; and whoever types another one means another drive. */
function judgeIdentity(drive: Drive, { typedSerial }: Wish): readonly Refusal[] {
  const { name, sizeBytes } = drive;
  const serial = tellingSerial(drive);
  const reason = reasonForSerial(drive);
  if (sizeBytes === 0 || (reason === undefined && typedSerial === undefined)) return [];
  if (serial === undefined) return [noSerial(drive, reason)];
  if (typedSerial === serial) return [];
  if (typedSerial !== undefined) {
    return [
      {
        kind: 'other-serial',
        message: `The serial of ${name} is ${serial}, not ${typedSerial}`,
        hint: 'Look which drive is meant: blazeneuro drives',
      },
    ];
  }
  if (reason === undefined) return [];
  return [
    {
      kind: reason.kind,
      message: `${name} ${reason.message}`,
      hint: `If it is this very drive that is meant, give its serial: --serial ${quoteWord(serial)}`,
    },
  ];
}

function noSerial({ name, twins }: Drive, reason: ReasonForSerial | undefined): Refusal {
  const also = reason === undefined ? '' : `, and ${reason.message}`;
  if (twins.length > 0) {
    return {
      kind: 'no-serial',
      message: `${name} has the same serial as ${twins.join(', ')}${also}`,
      hint: 'Unplug the others, or confirm on a terminal without --serial',
    };
  }
  return {
    kind: 'no-serial',
    message: `${name} has no serial that could be typed${also}`,
    hint:
      reason === undefined
        ? 'Leave --serial away, and confirm on a terminal'
        : 'Use another drive: this one cannot be told from others beyond doubt',
  };
}

type ReasonForSerial = { readonly kind: 'not-removable' | 'large'; readonly message: string };

function reasonForSerial({ isRemovable, sizeBytes }: Drive): ReasonForSerial | undefined {
  if (!isRemovable) return { kind: 'not-removable', message: 'is not a removable drive' };
  if (sizeBytes <= LARGEST_UNNAMED_BYTES) return undefined;
  return { kind: 'large', message: `is larger than ${LARGEST_UNNAMED_BYTES / 1e9} GB` };
}
