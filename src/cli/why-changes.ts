import { canonicalJson } from '#base';
import type { Action } from '#plan';

/** An input of an action that is another than it was; null where one side has none. */
export type Change = {
  /** Where it lies in the action: `action.env.CFLAGS`, `action.phases.build`. */
  readonly path: string;
  /** For people: `environment CFLAGS`, `phase build`. */
  readonly what: string;
  readonly before: string | null;
  readonly now: string | null;
};

type Leaf = { readonly what: string; readonly value: string };

/** What is different between an action as it was and as it is, input by input. */
export function compareActions(before: Action, now: Action): Change[] {
  const [old, current] = [inputsOf(before), inputsOf(now)];
  return [...new Set([...current.keys(), ...old.keys()])].flatMap((path) => {
    const [was, is] = [old.get(path), current.get(path)];
    if (was?.value === is?.value) return [];
    const what = is?.what ?? was?.what ?? path;
    return [{ path, what, before: was?.value ?? null, now: is?.value ?? null }];
  });
}

/** Every input of an action by its path, with its name for people. */
export function inputsOf(action: Action): ReadonlyMap<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const add = (path: string, what: string, value: string) => leaves.set(`action.${path}`, { what, value });
  const { sources, files, env, phases, exceptions, hostTools, target, ...rest } = action;
  for (const { folder, ...source } of sources) {
    const { digest, archive, member, patches } = source;
    const more = [...(member === undefined ? [] : [member]), ...patches];
    add(`sources.${folder}`, `source ${folder}`, [archive, digest, ...more].join(' '));
  }
  for (const [path, digest] of Object.entries(files)) add(`files.${path}`, `file ${path}`, digest);
  for (const [name, value] of Object.entries(env)) add(`env.${name}`, `environment ${name}`, value);
  for (const { name, script } of phases) add(`phases.${name}`, `phase ${name}`, script);
  add('phases', 'order of phases', phases.map(({ name }) => name).join(' '));
  for (const [path, exception] of Object.entries(exceptions)) {
    add(`exceptions.${path}`, `owner and mode of ${path}`, canonicalJson(exception));
  }
  for (const [name, version] of Object.entries(hostTools ?? {})) {
    add(`hostTools.${name}`, `host tool ${name}`, version);
  }
  for (const [name, value] of Object.entries(target)) add(`target.${name}`, `target ${name}`, value);
  // Whatever else an action comes to have counts by its field.
  for (const [name, value] of Object.entries(rest)) {
    add(name, name, typeof value === 'string' ? value : canonicalJson(value));
  }
  return leaves;
}
