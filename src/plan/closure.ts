import type { BuildName } from './action.ts';
import type { Graph } from './graph.ts';

/** All that the named builds need, directly or not, without themselves; in the graph's order, needs first. */
export function closureOf(graph: Graph, names: readonly BuildName[]): BuildName[] {
  return closureAlong(graph.edges, graph, names);
}

/**
 * The sysroot of a build in stacking order. Not the whole closure: a `chroot` build must not see the tools of the
 * build machine that its needs were made with, nor a build with `base: 'none'` what its needs were made in.
 */
export function sysrootOf(graph: Graph, name: BuildName): BuildName[] {
  const one = graph.builds.get(name);
  if (one === undefined) return [];
  if (one.build.base === 'none') {
    const named = new Set(closureAlong(graph.declared, graph, [name]));
    for (const given of graph.edges.get(name) ?? []) named.add(given);
    return graph.order.filter((need) => named.has(need));
  }
  return closureOf(graph, [name]).filter((need) => {
    return one.build.sandbox === 'cross' || graph.builds.get(need)?.build.runsOn !== 'build-machine';
  });
}

function closureAlong(edges: Graph['edges'], graph: Graph, names: readonly BuildName[]): BuildName[] {
  const seen = new Set<BuildName>();
  const visit = (name: BuildName): void => {
    for (const need of edges.get(name) ?? []) {
      if (seen.has(need)) continue;
      seen.add(need);
      visit(need);
    }
  };
  for (const name of names) visit(name);
  return graph.order.filter((name) => seen.has(name));
}
