/** The names of an image's files in the folder of its profile. */
export const IMAGE_NAME = 'blazeneuro.img';
export const MANIFEST_NAME = 'manifest.json';
export const SBOM_NAME = 'sbom.cdx.json';
