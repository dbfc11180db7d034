import { joinShell, sh } from './sh.ts';
import { type CommonOptions, script } from './styles.ts';
import type { Style } from './types.ts';

/**
 * LFS chapter10/kernel: tinyconfig and the profile's fragments; gives /boot/vmlinuz. With `modules` it also gives
 * /usr/lib/modules, and needs depmod.
 */
export function linuxKernel({
  modules = false,
  ...options
}: Omit<CommonOptions, 'env' | 'fromProfile'> & { readonly modules?: boolean } = {}): Style {
  return script({
    ...options,
    fromProfile: ['kernel.config'],
    env: {
      // Flags for programs are wrong for a kernel and for its tools: kbuild has its own.
      CFLAGS: null,
      CXXFLAGS: null,
      LDFLAGS: null,
      // What `uname -v` says, else taken from the build machine.
      KBUILD_BUILD_USER: 'blazeneuro',
      KBUILD_BUILD_HOST: 'blazeneuro',
      KBUILD_BUILD_VERSION: '1',
    },
    configure: CONFIGURE,
    build: sh`
      KBUILD_BUILD_TIMESTAMP=$(date -u -d "@$SOURCE_DATE_EPOCH") make ${modules ? 'bzImage modules' : 'bzImage'}
    `,
    install: modules ? joinShell(INSTALL, INSTALL_MODULES) : INSTALL,
  });
}

const INSTALL = sh`
  install -D -m 644 arch/x86/boot/bzImage $OUT/boot/vmlinuz
  install -D -m 644 .config $OUT/boot/config
`;

/** depmod is called by it. The link to the source would lead nowhere on the system. */
const INSTALL_MODULES = sh`
  make INSTALL_MOD_PATH=$OUT/usr INSTALL_MOD_STRIP=1 modules_install
  rm -f $OUT/usr/lib/modules/*/{build,source}
  test -s $(echo $OUT/usr/lib/modules/*/modules.alias)
`;

const CONFIGURE = sh`
  make tinyconfig
  # merge_config.sh refuses to override what tinyconfig chose; kconfig itself lets the last line win.
  cat $PROFILE/kernel.config >> .config
  make olddefconfig

  # kconfig drops a request with an unmet dependency without a word.
  dropped=0
  while IFS= read -r request; do
    case $request in
      CONFIG_*) if grep -qxF -- "$request" .config; then continue; fi ;;
      # An option that is off need not be named: one that the .config does not know is off, too.
      '# CONFIG_'*' is not set') if ! grep -q "^$(cut -d ' ' -f 2 <<< "$request")=" .config; then continue; fi ;;
      *) continue ;;
    esac
    echo "Dropped by olddefconfig: $request"
    dropped=$((dropped + 1))
  done < $PROFILE/kernel.config
  if [ "$dropped" -gt 0 ]; then
    echo "$dropped requests of the kernel fragments did not survive."
    exit 1
  fi
`;
