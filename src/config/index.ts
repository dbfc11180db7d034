/**
 * What people write, read and checked: pins, signatures, mirror lists. Not what is done with it (plan, source).
 * Invariant: what leaves this folder is well formed; what is not is a problem with the file and the line.
 */
export { type MirrorLists, overlayMirrors, readMirrors } from './mirrors.ts';
export { parseOrigin } from './origin.ts';
export { overlayPins, pinsByName, readPins } from './pins.ts';
export { profileNames, readProfile } from './profiles.ts';
export { type Project, type ProjectFolders, readProject } from './project.ts';
export { type RecipeImports, recipeImports, registerRecipeImports } from './recipe-imports.ts';
export { type RecipeFolder, readRecipes } from './recipes.ts';
export { overlaySignatures, type PinnedSignatures, readSignatures } from './signatures.ts';
