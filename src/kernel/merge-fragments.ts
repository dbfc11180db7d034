import { ok, type Result } from '#base';
import { type FragmentText, type KernelRequest, parseFragment } from './parse-fragment.ts';

/** Merges fragments in their order: where two speak about one option, the later one decides. */
export function mergeFragments(fragments: readonly FragmentText[]): Result<readonly KernelRequest[]> {
  const byOption = new Map<string, KernelRequest>();
  for (const fragment of fragments) {
    const parsed = parseFragment(fragment);
    if (!parsed.ok) return parsed;
    for (const request of parsed.value) byOption.set(request.option, request);
  }
  return ok([...byOption.values()].sort((a, b) => (a.option < b.option ? -1 : a.option > b.option ? 1 : 0)));
}

/** Requests as a fragment that kconfig reads: one line each, sorted as they are given, without comments. */
export function formatRequests(requests: readonly KernelRequest[]): string {
  return requests.map((request) => `${formatRequest(request)}\n`).join('');
}

/** One request as kconfig writes it. */
export function formatRequest({ option, value }: Pick<KernelRequest, 'option' | 'value'>): string {
  return value === 'n' ? `# CONFIG_${option} is not set` : `CONFIG_${option}=${value}`;
}
