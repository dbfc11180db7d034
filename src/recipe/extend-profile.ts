import type { Account, Profile } from './profile.ts';

/** The lists of a profile that another can lengthen. */
type Lists = {
  readonly packages: readonly string[];
  readonly exclude: readonly string[];
  readonly fragments: readonly string[];
  readonly commandLine: readonly string[];
  readonly services: readonly string[];
  readonly accounts: readonly Account[];
};

/** What a profile says differently: whole fields, and entries of lists that come and go. */
export type ProfileChanges = Partial<Profile> & {
  readonly name: string;
  /** Stand behind those that are there already. */
  readonly add?: Partial<Lists>;
  /** As they stand in the other profile; what it does not have is a slip. */
  readonly remove?: Partial<Omit<Lists, 'accounts'>>;
};

/**
 * A profile that differs from another in the named fields and entries. It throws where the two do not fit, as a slip of
 * whoever wrote the profile: reading one tells it with its place.
 */
export function extendProfile(base: Profile, changes: ProfileChanges): Profile {
  const { add = {}, remove = {}, ...fields } = changes;
  const replaced = { ...base, ...fields };
  const listOf = (name: Exclude<keyof Lists, 'accounts'>, own: readonly string[]) => {
    const kept = without(own, remove[name] ?? [], `remove.${name}`, base.name);
    return [...kept, ...newOnes(kept, add[name] ?? [], `add.${name}`)];
  };
  const accounts = [...(replaced.accounts ?? []), ...(add.accounts ?? [])];
  return {
    ...replaced,
    packages: listOf('packages', replaced.packages),
    exclude: listOf('exclude', replaced.exclude),
    services: listOf('services', replaced.services),
    kernel: {
      ...replaced.kernel,
      fragments: listOf('fragments', replaced.kernel.fragments),
      commandLine: listOf('commandLine', replaced.kernel.commandLine),
    },
    ...(accounts.length === 0 ? {} : { accounts }),
  };
}

function without(own: readonly string[], gone: readonly string[], field: string, base: string): string[] {
  const missing = gone.find((entry) => !own.includes(entry));
  if (missing !== undefined) throw new Error(`${field} names ${missing}, which ${base} does not have`);
  return own.filter((entry) => !gone.includes(entry));
}

function newOnes(own: readonly string[], more: readonly string[], field: string): readonly string[] {
  const twice = more.find((entry, index) => own.includes(entry) || more.indexOf(entry) !== index);
  if (twice !== undefined) throw new Error(`${field} names ${twice}, which is there already`);
  return more;
}
