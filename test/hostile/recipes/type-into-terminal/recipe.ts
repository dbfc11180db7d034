import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Types into the terminal of who started the program.
export default defineRecipe({
  name: 'type-into-terminal',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`perl -e 'ioctl(STDIN, 0x5412, my $c = "x") and exit 0; warn "stdin: $!\n"; open(my $tty, "+<", "/dev/tty") or die "terminal: $!"'`,
      install: sh`touch $OUT/x`,
    }),
  },
});
