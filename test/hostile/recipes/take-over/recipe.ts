import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Looks for the build that waits to hand over an open file.
export default defineRecipe({
  name: 'take-over',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        perl -MSocket -e '
          for my $try (1 .. 20) {
            for my $name ("\0@NAME@-hand-over", "/dev/shm/@NAME@", "/tmp/@NAME@", "/build/@NAME@") {
              socket(my $socket, AF_UNIX, SOCK_STREAM, 0) or die;
              exit 0 if connect($socket, pack_sockaddr_un($name));
            }
            select(undef, undef, undef, 0.1);
          }
          die "nobody there: $!\n";
        '
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
