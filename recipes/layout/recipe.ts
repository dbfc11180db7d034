import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'layout',
  license: 'MIT',
  description: 'The folders and files that every build root has',
  sources: {},
  builds: {
    prepare: script({
      sandbox: 'cross',
      base: 'none',
      install: sh`
        # LFS chapter04/creatingminlayout. /usr/lib64 must never exist.
        mkdir -p $OUT/{etc,lib64,var} $OUT/usr/{bin,lib,sbin}
        for name in bin lib sbin; do ln -s usr/$name $OUT/$name; done

        # LFS chapter07/kernfs, and the places where a sandbox puts the work folder and the result.
        mkdir -p $OUT/{dev,proc,sys,run,build,out}

        # LFS chapter07/creatingdirs: what builds look for.
        mkdir -p $OUT/{boot,home,mnt,opt,srv,root,tmp} $OUT/etc/{opt,sysconfig} $OUT/usr/lib/{firmware,locale}
        mkdir -p $OUT/usr/{,local/}{include,share,src} $OUT/usr/local/{bin,lib,sbin}
        mkdir -p $OUT/var/{cache,local,log,mail,opt,spool,tmp} $OUT/var/lib/{color,misc,locate}
        ln -s /run $OUT/var/run
        ln -s /run/lock $OUT/var/lock

        # LFS chapter07/createfiles. system/etc makes the ones that ship.
        cp -r $FILES/etc $OUT/
        ln -s /proc/self/mounts $OUT/etc/mtab
      `,
    }),
  },
});
