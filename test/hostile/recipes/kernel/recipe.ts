import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Asks the kernel for what no namespace parts: keyrings, its log, programs inside it.
export default defineRecipe({
  name: 'kernel',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        perl -e '
          my %calls = (keyctl => [250, 0, -3, 1], syslog => [103, 3, 0, 0], bpf => [321, 0, 0, 0], perf_event_open => [298, 0, 0, -1, -1, 0],
            userfaultfd => [323, 1], io_uring_setup => [425, 1, 0], init_module => [175, 0, 0, 0], kexec_load => [246, 0, 0, 0, 0]);
          for (sort keys %calls) {
            exit 0 if syscall($calls{$_}[0], map { $_ } @{$calls{$_}}[1 .. $#{$calls{$_}}]) >= 0;
            warn "$_: $!\n";
            exit 0 unless $!{EPERM};
          }
          exit 1;
        '
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
