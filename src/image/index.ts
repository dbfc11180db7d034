/**
 * From artifacts to a disk image: the root's tree, the initrd, ESP, ext4 and GRUB, and the one file that holds them.
 * Not what runs the tools (the caller's sandbox) and not what writes sticks (drive). Invariant: no root, no mount, no
 * loop device; the same inputs and tools give the same bytes, wherever and whenever.
 */
export {
  assembleImage,
  IMAGE_NAME,
  type Image,
  type ImageContext,
  type ImageInput,
  MANIFEST_NAME,
} from './assemble-image.ts';
export { type BuiltArtifact, IMAGE_BUILD } from './built-artifact.ts';
export type { EspManifestFile, FileSystem, ImageFile, ImageManifest } from './image-manifest.ts';
