/**
 * From artifacts to a disk image: the root's tree, the initrd, ESP, ext4 and GRUB, and the one file that holds them.
 * Not what runs the tools (the caller's sandbox) and not what writes sticks (drive). Invariant: no root, no mount, no
 * loop device; the same inputs and tools give the same bytes, wherever and whenever.
 */
export { assembleImage } from './assemble-image.ts';
export { type BuiltArtifact, IMAGE_BUILD, type OwnedEntry } from './built-artifact.ts';
export type { ImageContext, ImageInput } from './image-input.ts';
export { buildsOf } from './image-manifest.ts';
export type { Image } from './publish.ts';
export { chooseEntries } from './root-tree.ts';
export { systemManifest } from './system-manifest.ts';
