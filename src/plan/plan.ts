import type { Digest } from '#base';
import type { Exception, Stage } from '#recipe';
import type { Action, BuildName } from './action.ts';

/** A build of the plan: its action, and what the action leaves out because it decides no byte. */
export type PlannedBuild = {
  readonly name: BuildName;
  readonly stage: Stage;
  readonly recipe: string;
  /** An SPDX expression, as the recipe has it. */
  readonly license: string;
  /** One line for people. */
  readonly description?: string;
  /** Pins that its files were made of by another build. */
  readonly copiesFrom?: readonly string[];
  readonly action: Action;
  /** The whole sysroot, in stacking order: the first lies at the bottom. */
  readonly needs: readonly BuildName[];
  /** Needs that the recipe names itself, for people. */
  readonly declaredNeeds: readonly BuildName[];
  readonly replaces: readonly BuildName[];
  readonly exceptions: Readonly<Record<string, Exception>>;
  /** The package's own test suite. */
  readonly check: string | undefined;
  /** The contents behind `action.files`. */
  readonly contents: ReadonlyMap<Digest, Uint8Array>;
  /** Names of the pins that must be in the store before it can be built. */
  readonly pins: readonly string[];
};

/** The graph of actions for a goal. */
export type Plan = {
  /** Every build that the goals need, needs first. */
  readonly builds: ReadonlyMap<BuildName, PlannedBuild>;
  readonly goals: readonly BuildName[];
};

/** What a plan is made of besides recipes: the world as read by `config`. */
export type RecipeFiles = ReadonlyMap<string, Uint8Array>;
