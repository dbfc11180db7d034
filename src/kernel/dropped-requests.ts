import { fail, ok, type Result } from '#base';
import { formatRequest } from './merge-fragments.ts';
import { type KernelRequest, parseFragment } from './parse-fragment.ts';

/** A request that `olddefconfig` did not keep, and what stands in the .config instead (`n` when nothing does). */
export type DroppedRequest = KernelRequest & { readonly resulting: string };

/** Which requests did not survive: kconfig drops what has an unmet dependency without a word. */
export function droppedRequests(
  requested: readonly KernelRequest[],
  resulting: readonly KernelRequest[],
): readonly DroppedRequest[] {
  const values = new Map(resulting.map(({ option, value }) => [option, value]));
  return requested
    .map((request) => ({ ...request, resulting: values.get(request.option) ?? 'n' }))
    .filter((request) => request.resulting !== request.value);
}

/** Holds a built kernel's .config against what was asked for; a problem names each request that was dropped. */
export function checkKernelConfig(
  requested: readonly KernelRequest[],
  config: { readonly file: string; readonly text: string },
): Result<void> {
  const resulting = parseFragment(config);
  if (!resulting.ok) return resulting;
  const dropped = droppedRequests(requested, resulting.value);
  if (dropped.length === 0) return ok(undefined);
  return fail({
    kind: 'kernel-option-dropped',
    subject: config.file,
    message: `${dropped.length} kernel options did not survive olddefconfig.`,
    details: dropped.map((request) => {
      const instead = formatRequest({ option: request.option, value: request.resulting });
      return `${request.place}: ${formatRequest(request)} (resulting: ${instead})`;
    }),
    hint: 'Ask for what these options depend on too, or take them out of the fragment.',
  });
}
