import { sh } from './sh.ts';
import type { Shell, Stage } from './types.ts';

/** What every build does last, after `adjust`: part of its key. */
export function finishPhase(stage: Stage): Shell {
  return stage === 'final'
    ? sh`${REMOVE_SHARED}
${STRIP}`
    : REMOVE_SHARED;
}

/** libtool archives mislead (LFS chapter07/cleanup); info/dir is a file that every package would edit. */
const REMOVE_SHARED = sh`
  find "$OUT" -name '*.la' -type f -delete
  rm -f "$OUT/usr/share/info/dir"
`;

/** LFS chapter08/stripping: programs and shared libraries, and nothing that a boot loader loads. */
const STRIP = sh`
  for tree in usr/bin usr/sbin usr/libexec usr/lib; do
    if [ ! -d "$OUT/$tree" ]; then continue; fi
    case $tree in usr/lib) wanted='*.so*' ;; *) wanted='*' ;; esac
    find "$OUT/$tree" -type f -name "$wanted" -print0 | while IFS= read -r -d '' file; do
      magic=$(head -c 4 "$file" | od -An -c)
      case $magic in *177*E*L*F*) strip --strip-unneeded "$file" ;; esac
    done
  done
`;
