import { basename } from 'node:path';
import { formatBytes } from '#base';
import { partitionOf } from '#disk';
import type { FlashJob, FlashReport } from '#drive';

/** What somebody has to know who has just made a stick. */
export function flashedText(
  { imageName, driveName, layout }: Pick<FlashJob, 'imageName' | 'driveName' | 'layout'>,
  { writtenBytes, writeMs, readMs }: FlashReport,
): readonly string[] {
  const speed = (durationMs: number) =>
    `${formatBytes(Math.round((writtenBytes * 1000) / Math.max(durationMs, 1)))}/s`;
  return [
    `${driveName} is done: ${basename(imageName)} is on it, and all of it was read back and is right.`,
    `  ${formatBytes(writtenBytes)} written at ${speed(writeMs)}, read at ${speed(readMs)}`,
    `  a stick of its own: disk ${layout.diskGuid}, root partition ${partitionOf(layout, 'root').guid}`,
    'It may be pulled out now. To start a machine from it: plug it in, switch the machine on, and choose the stick in',
    'its boot menu (often F12, F11, F9 or Esc); Secure Boot has to be off. The first start takes the whole stick.',
    'Before that, host name, time zone and user can be set in blazeneuro.conf on its first partition.',
  ];
}
