/**
 * The language of recipes: what a recipe, a stage, a phase and a style are, and the styles that LFS needs.
 * Not what reads recipes (config) or turns them into actions (plan). Invariant: pure data out; nothing here
 * touches disk, clock or environment. Recipes import this folder as `blazeneuro/recipe`.
 */
export { defineRecipe, type RecipeInput } from './define-recipe.ts';
export { DEFAULT_SOURCE_DATE_EPOCH, environmentOf, SANDBOX_PATHS } from './environment.ts';
export { extendProfile, type ProfileChanges } from './extend-profile.ts';
export { finishPhase } from './finish.ts';
export { linuxKernel } from './kernel-style.ts';
export { ORIGIN_KINDS, type Origin, type OriginKind, type Pin } from './pin.ts';
export { type PinnedSignature, SIGNATURE_EXCEPTIONS, type SignatureException } from './pinned-signature.ts';
export { type Account, defineProfile, type Profile } from './profile.ts';
export { joinShell, sh } from './sh.ts';
export { type AutotoolsOptions, autotools, type CommonOptions, crossTool, meson, script } from './styles.ts';
export { type Target, X86_64 } from './target.ts';
export {
  type Build,
  type Exception,
  PHASES,
  type Phase,
  PROFILE_FIELDS,
  type ProfileField,
  type Recipe,
  type SandboxKind,
  type Shell,
  STAGES,
  type Stage,
  type StageContext,
  type Style,
} from './types.ts';
export { disable, enable, without } from './words.ts';
