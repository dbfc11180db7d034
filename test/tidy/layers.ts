/** What each folder of src/ may import, besides `base`. The order is that of the layers, from the ground up. */
export const LAYERS: Readonly<
  Record<string, { readonly layer: number; readonly mayImport: readonly string[] }>
> = {
  base: { layer: 0, mayImport: [] },
  event: { layer: 1, mayImport: [] },
  recipe: { layer: 1, mayImport: [] },
  process: { layer: 1, mayImport: [] },
  kernel: { layer: 1, mayImport: [] },
  disk: { layer: 1, mayImport: [] },
  elf: { layer: 1, mayImport: [] },
  manifest: { layer: 1, mayImport: [] },
  'file-system': { layer: 1, mayImport: [] },
  config: { layer: 2, mayImport: ['recipe', 'kernel', 'disk'] },
  host: { layer: 2, mayImport: ['process', 'event'] },
  plan: { layer: 2, mayImport: ['recipe', 'kernel'] },
  store: { layer: 2, mayImport: ['manifest'] },
  sandbox: { layer: 2, mayImport: ['recipe', 'process'] },
  jobserver: { layer: 2, mayImport: ['process', 'event'] },
  source: { layer: 3, mayImport: ['recipe', 'store', 'process', 'event'] },
  sbom: { layer: 3, mayImport: ['recipe', 'plan', 'store', 'manifest'] },
  // `build` comes above `source` within its layer: it asks for the sources of an action.
  build: {
    layer: 3,
    mayImport: ['recipe', 'plan', 'store', 'manifest', 'sandbox', 'jobserver', 'source', 'process', 'event'],
  },
  image: {
    layer: 3,
    mayImport: ['recipe', 'disk', 'elf', 'store', 'manifest', 'sandbox', 'process', 'event'],
  },
  schedule: { layer: 4, mayImport: ['plan', 'store', 'jobserver', 'event'] },
  boot: { layer: 4, mayImport: ['process', 'event'] },
  drive: { layer: 4, mayImport: ['disk', 'manifest', 'file-system', 'process', 'event'] },
  remote: { layer: 5, mayImport: ['plan', 'store', 'event'] },
  report: { layer: 5, mayImport: ['event'] },
  cli: {
    layer: 6,
    mayImport: [
      ...[
        'event',
        'recipe',
        'process',
        'kernel',
        'disk',
        'manifest',
        'file-system',
        'config',
        'host',
        'plan',
        'store',
        'sandbox',
        'jobserver',
      ],
      ...['source', 'sbom', 'build', 'image', 'schedule', 'boot', 'drive', 'remote', 'report'],
    ],
  },
};

/** Folders that never touch disk, clock or environment. */
export const PURE_FOLDERS: readonly string[] = [
  'base',
  'event',
  'recipe',
  'kernel',
  'disk',
  'elf',
  'manifest',
  'file-system',
  'plan',
];

/** Folders from which the network may be reached. */
export const NETWORK_FOLDERS: readonly string[] = ['source', 'remote'];

/** Folders that print. */
export const PRINTING_FOLDERS: readonly string[] = ['report', 'cli'];
