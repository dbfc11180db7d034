import { defineProfile } from 'blazeneuro/recipe';

const MiB = 1024 * 1024;

export default defineProfile({
  name: 'tiny',
  description: 'The smallest system that boots and remembers; made by the tools of the host, for npm test',
  packages: ['system/tiny-init'],
  exclude: [],
  kernel: { build: 'system/tiny-linux', fragments: ['tiny'], commandLine: [] },
  initrd: null,
  hostname: 'tiny',
  timezone: 'UTC',
  services: [],
  // Less would not be FAT32.
  image: { espSizeBytes: 34 * MiB, rootFreeBytes: 1 * MiB, tools: 'host' },
});
