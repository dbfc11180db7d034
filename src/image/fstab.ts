import type { TargetPath } from '#base';
import { volumeUuid } from '#disk';
import type { GeneratedFile } from './built-artifact.ts';
import type { ImageIdentity } from './identity.ts';

/** Where the ESP is mounted when it is needed. */
export const ESP_MOUNT_POINT: TargetPath = '/boot/efi';

/**
 * How the root is mounted: docs/decisions/flash-drive-settings.md. The initrd mounts it with the same options; `mount -o
 * remount` takes them from fstab.
 */
export const ROOT_OPTIONS = 'noatime,init_itable=50';

/** /etc/fstab: only the image knows the file systems' UUIDs. */
export function fstab(identity: ImageIdentity): GeneratedFile {
  return {
    path: '/etc/fstab',
    content: `# Made with the image. File systems are named by UUID, since device names differ from machine to machine.
# <what> <where> <type> <options> <dump> <pass>
# Reading would else write to the stick: noatime. Empty inode tables are filled in the background, slowly: init_itable.
UUID=${identity.rootUuid} / ext4 ${ROOT_OPTIONS} 0 1
# Mounted only when it is needed: a FAT that is not mounted survives a power cut.
UUID=${volumeUuid(identity.espVolumeId)} ${ESP_MOUNT_POINT} vfat noauto,noatime,nosuid,nodev,noexec,umask=0077 0 0
`,
  };
}
