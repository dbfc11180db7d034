import { autotools, defineRecipe, disable, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'python',
  license: 'PSF-2.0',
  builds: {
    // LFS chapter07/python, without a shared library: it only runs other packages' scripts.
    temporary: autotools({
      sandbox: 'chroot',
      configure: [
        ...disable('test-modules'),
        ...without('ensurepip', 'static-libpython'),
        // Its own default adds -g and -O3.
        'OPT=-DNDEBUG',
      ],
      // Modules in folders of their own are not compiled ahead, three times each: few are ever read here.
      makeInstall: ['COMPILEALL_OPTS="-r 0"', 'install'],
    }),
  },
});
