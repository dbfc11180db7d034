import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'boot-scripts',
  license: 'MIT',
  description: 'What init runs: the way up, the way down, the consoles, and the first boot',
  sources: {},
  builds: {
    system: script({
      needs: ['final/bash', 'final/dash', 'final/glibc'],
      build: sh`gcc -std=gnu17 -Wall -Wextra -Wconversion -Werror $CFLAGS $LDFLAGS -o boot-times $FILES/boot-times.c`,
      check: sh`
        for file in $FILES/boot/{functions,rc} $FILES/boot/st*/* $FILES/libexec/{console,grow-root} $FILES/passwords; do
          dash -n $file
        done
        for file in $FILES/first-boot/* $FILES/libexec/first-*; do bash -n $file; done
      `,
      install: sh`
        library=$OUT/usr/lib/blazeneuro
        install -D -m 644 -t $library $FILES/passwords
        install -D -m 644 -t $library/boot $FILES/boot/{functions,mounts}
        install -D -m 755 -t $library/boot $FILES/boot/rc
        install -D -m 644 -t $library/boot/start $FILES/boot/start/*
        install -D -m 644 -t $library/boot/stop $FILES/boot/stop/*
        # What lies in memory from the start: 10-mounts.
        mkdir -p $library/boot/memory/{dev,run/{blazeneuro,lock}}
        ln -s /proc/self/fd $library/boot/memory/dev/fd
        ln -s fd/0 $library/boot/memory/dev/stdin
        ln -s fd/1 $library/boot/memory/dev/stdout
        ln -s fd/2 $library/boot/memory/dev/stderr
        install -D -m 644 -t $library/first-boot $FILES/first-boot/*
        install -D -m 755 -t $OUT/usr/libexec/blazeneuro $FILES/libexec/*
        install -D -m 755 boot-times $OUT/usr/bin/blazeneuro-boot-times
      `,
    }),
  },
});
