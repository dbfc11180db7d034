/**
 * What people write, read and checked: pins, signatures, mirror lists, recipes, profiles; and its text, when a command writes it
 * for them. Not what is done with it (plan, source).
 * Invariant: what leaves this folder is well formed; what is not is a problem with the file and the line.
 */
export { editPins, type PinEdit, type PinWords, pinText } from './edit-pins.ts';
export { guessLicense } from './guess-license.ts';
export { mentionedLibraries } from './mentioned-libraries.ts';
export { type MirrorLists, overlayMirrors, readMirrors } from './mirrors.ts';
export { ORIGIN_FORMS, parseOrigin } from './origin.ts';
export {
  isPinName,
  isPinVersion,
  overlayPins,
  type PinLine,
  pinsByName,
  readPinLines,
  readPins,
  readPinsOf,
} from './pins.ts';
export { extendingProfile, hasPackage, withPackage } from './profile-text.ts';
export { profileNames, readProfile } from './profiles.ts';
export { isFolder, type Project, type ProjectFolders, readProject, readProjectMirrors } from './project.ts';
export { type RecipeImports, recipeImports, registerRecipeImports } from './recipe-imports.ts';
export { chooseWay, missingTools, recipeText } from './recipe-text.ts';
export { type RecipeFolder, readRecipes } from './recipes.ts';
export { overlaySignatures, type PinnedSignatures, readSignatures } from './signatures.ts';
