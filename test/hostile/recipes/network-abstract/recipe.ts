import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Calls a server of this machine that waits under an abstract name, which no file system hides.
export default defineRecipe({
  name: 'network-abstract',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        perl -MSocket -e '
          socket(my $socket, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!";
          connect($socket, pack_sockaddr_un("\0@NAME@")) or die "connect: $!";
        '
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
