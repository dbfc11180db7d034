/**
 * What an image consists of: its packages with their sources and licences, as a CycloneDX document, and which files of
 * a source are its licence. Not what reads archives (source) or writes results (cli). Invariants: equal images of equal
 * plans give equal documents, whoever makes them and when; the libraries behind it are loaded when they are used.
 */
export { copyleftRecipes } from './copyleft.ts';
export { makeSbom } from './cyclonedx.ts';
export { chooseLicenceTexts, type LicenceText } from './licence-texts.ts';
export { checkLicences } from './licences.ts';
export { type ImagePackage, type PackageSource, packagesOf, type SbomInput } from './packages.ts';
