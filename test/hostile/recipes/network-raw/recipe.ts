import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Opens sockets below TCP and UDP, and one to the machine that a virtual machine runs on.
export default defineRecipe({
  name: 'network-raw',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        perl -MSocket -e '
          for ([2, 3, 1], [17, 3, 768], [40, 1, 0], [38, 5, 0]) {
            exit 0 if socket(my $socket, $_->[0], $_->[1], $_->[2]);
            warn "family $_->[0]: $!\n";
          }
          exit 1;
        '
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
