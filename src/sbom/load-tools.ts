import type { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import type { PackageURL } from 'packageurl-js';

/** The libraries that documents are made with. */
export type Tools = {
  readonly Models: typeof Models;
  readonly Enums: typeof Enums;
  readonly Serialize: typeof Serialize;
  readonly Spec: typeof Spec;
  readonly Purl: typeof PackageURL;
};

/** Loads the libraries for the first document: only the parts that are used, which takes half of the time of all. */
export async function loadTools(): Promise<Tools> {
  const [models, enums, serialize, spec, purl] = await Promise.all([
    import('@cyclonedx/cyclonedx-library/Models'),
    import('@cyclonedx/cyclonedx-library/Enums'),
    import('@cyclonedx/cyclonedx-library/Serialize'),
    import('@cyclonedx/cyclonedx-library/Spec'),
    import('packageurl-js'),
  ]);
  return { Models: models, Enums: enums, Serialize: serialize, Spec: spec, Purl: purl.PackageURL };
}
