/** What each build needs, needs first. */
export type Graph = Readonly<Record<string, readonly string[]>>;

/** A way through the graph, and how long it takes. */
export type Path = { readonly durationMs: number; readonly builds: readonly string[] };

/** The longest way through the graph: no number of cores makes a build faster than it. */
export function criticalPath(graph: Graph, durationMs: (build: string) => number): Path {
  const longest = new Map<string, Path>();
  let last: Path = { durationMs: 0, builds: [] };
  for (const [name, needs] of Object.entries(graph)) {
    const before = needs
      .map((need) => longest.get(need) ?? { durationMs: 0, builds: [] })
      .reduce(longer, { durationMs: 0, builds: [] });
    const path = { durationMs: before.durationMs + durationMs(name), builds: [...before.builds, name] };
    longest.set(name, path);
    last = longer(last, path);
  }
  return last;
}

function longer(a: Path, b: Path): Path {
  return b.durationMs > a.durationMs ? b : a;
}

/** The graph without needs that other needs have already: the same order of builds, in far fewer words. */
export function reduceGraph(graph: Graph): Graph {
  const all = new Map<string, ReadonlySet<string>>();
  const reduced: Record<string, readonly string[]> = {};
  for (const [name, needs] of Object.entries(graph)) {
    const indirect = new Set(needs.flatMap((need) => [...(all.get(need) ?? [])]));
    reduced[name] = needs.filter((need) => !indirect.has(need));
    all.set(name, new Set([...needs, ...indirect]));
  }
  return reduced;
}
