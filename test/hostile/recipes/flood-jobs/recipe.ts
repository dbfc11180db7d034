import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Fills the jobserver with tokens that nobody gave, and fails.
export default defineRecipe({
  name: 'flood-jobs',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        perl -e '
          open(my $jobs, "+<", "/build/jobserver") or die "open: $!";
          syscall(72, fileno $jobs, 4, 04000);
          1 while syswrite($jobs, "+" x 4096);
        '
        rm /build/jobserver
        ln -s /etc/passwd /build/jobserver
        exit 17
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
