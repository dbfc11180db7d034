# Proves against the C library of the sysroot what can be proved in a few programs.
set -eu
site=$FILES/config.site

# The names in lines `test -n "${PREFIX_NAME+set}" || PREFIX_NAME=ANSWER`, without their prefix.
answered() {
  sed -n "s/^.* || $1\\([A-Za-z0-9_]*\\)=\\($2\\)\$/\\1/p" "$site"
}

# Names of what functions do, and of macros.
behaviours='_works|_nonnull|_void|_bug|_posix|_obsolete|_char_p|_mapped|_signature|_clobbers|_time_t|_ftello|_symlink|_null|working|alloca|le64toh|makedev'

# Every function links, or does not.
answered ac_cv_func_ yes | grep -vE "$behaviours" > there
answered ac_cv_func_ no | grep -vE "$behaviours" > missing
program() {
  while read -r name; do echo "char $name(void);"; done < "$1"
  echo 'void *all[] = {'
  while read -r name; do echo "  (void *)$name,"; done < "$1"
  echo '}; int main(void) { return all[0] == 0; }'
}
program there > there.c
program missing > missing.c
$TARGET-gcc -w -fno-builtin -o linked there.c -lm
if $TARGET-gcc -w -fno-builtin -o linked missing.c -lm 2> refused; then
  echo 'Not one function of missing.c is missing.'
  exit 1
fi
# Some only exist to say that they are not implemented.
sed -n 's/^#define __stub_//p' "$SYSROOT"/usr/include/gnu/stubs-64.h > stubs
while read -r name; do
  if ! grep -q "undefined reference to .$name'" refused && ! grep -qx "$name" stubs; then
    echo "$name is said to be missing, and is there."
    exit 1
  fi
done < missing

# Every header is there, and can be read.
find "$SYSROOT/usr/include" -name '*.h' -printf '%P\n' | tr /.- ___ | sort -u > headers
answered ac_cv_header_ yes | grep '_h$' | grep -v dirent_dirent | sort -u > claimed
$TARGET-gcc -print-file-name=include | xargs -I{} find {} -name '*.h' -printf '%P\n' | tr /.- ___ | sort -u > compiler-headers
sort -u headers compiler-headers | comm -13 - claimed > not-there
if [ -s not-there ]; then
  echo 'Headers that are said to be there:'
  cat not-there
  exit 1
fi

# Every size is right.
sed -n 's/^.* || ac_cv_sizeof_\([a-z_A-Z]*\)=\([0-9]*\)$/\1 \2/p' "$site" | while read -r type size; do
  case $type in *_p) type="${type%_p} *" ;; *_t) ;; *) type=$(tr _ ' ' <<< "$type") ;; esac
  echo "_Static_assert(sizeof($type) == $size, \"$type\");"
done > sizes
{
  for header in stddef stdint stdio time pthread wchar sys/types; do echo "#include <$header.h>"; done
  sed 's/ Bool/_Bool/' sizes
} > sizes.c
$TARGET-gcc -fsyntax-only sizes.c
echo "Proved: $(wc -l < there) functions there, $(wc -l < missing) missing, $(wc -l < claimed) headers, $(wc -l < sizes) sizes."
