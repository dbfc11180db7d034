import { defineProfile } from 'blazeneuro/recipe';

export default defineProfile({
  name: 'hostile',
  description: 'Builds that try to get out of their sandbox; nothing is ever made of them',
  packages: ['system/harmless-modes'],
  exclude: [],
  kernel: { build: 'system/harmless-modes', fragments: [], commandLine: [] },
  initrd: null,
  hostname: 'hostile',
  timezone: 'UTC',
  services: [],
  image: { espSizeBytes: 35651584, rootFreeBytes: 0, tools: 'host' },
});
