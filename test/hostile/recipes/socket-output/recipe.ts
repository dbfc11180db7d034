import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves a socket.
export default defineRecipe({
  name: 'socket-output',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "/out/x", Listen => 1) or die'`,
    }),
  },
});
