# Is the cross-toolchain complete, and free of everything that is not below $LFS?
set -eu -o pipefail
. "$FILES/gates.sh"
CC=$TARGET-gcc
CXX=$TARGET-g++
READELF=$TARGET-readelf

compiles_and_links() {
  demand "$CC cannot compile and link a C program: see the compiler's words above" \
    "$CC" "$FILES/hello.c" -o hello -lm
  demand "$CXX cannot compile and link a C++ program: see the compiler's words above" \
    "$CXX" "$FILES/hello.cc" -o hello-cxx
  for program in hello hello-cxx; do
    demand_interpreter "$program"
    demand_pie "$program"
  done
}

limits_are_complete() {
  demand "limits.h is not complete: toolchain/gcc wrote it to the wrong place" \
    "$CC" -c "$FILES/limits.c" -o limits.o
  note 'limits.h: PATH_MAX, MB_LEN_MAX and _POSIX_ARG_MAX are there'
}

tools_are_ours() {
  local tool
  for tool in as ld cc1 cc1plus collect2; do "$CC" -print-prog-name="$tool"; done |
    demand_inside "$LFS/tools" "the list of programs that $CC runs"
}

folders_are_ours() {
  include_folders "$CC" c | demand_inside "$LFS" "the search list of C headers"
  include_folders "$CXX" c++ | demand_inside "$LFS" "the search list of C++ headers"
  library_folders "$CC" | demand_inside "$LFS" "the search list of libraries"
  # An = in front means: below the sysroot.
  "$TARGET-ld" --verbose | grep -o 'SEARCH_DIR("[^"]*")' | sed "s/.*(\"//; s/\").*//; s@^=@$("$CC" -print-sysroot)@" |
    demand_inside "$LFS" "the linker's search list"
}

# -t makes the linker name every file that it opens.
links_only_ours() {
  local startup
  "$CXX" -c "$FILES/hello.cc" -o hello-cxx.o
  "$CXX" -Wl,-t hello-cxx.o -o traced > trace
  grep -v '^hello-cxx.o$' trace | demand_inside "$LFS" "the list of files that were linked"
  for startup in Scrt1.o crti.o crtn.o; do
    demand "$startup of the C library in $LFS/usr/lib was not linked: the wrong startup files are used" \
      grep -q "^$LFS/.*lib/$startup\$" trace
  done
  note 'startup files: Scrt1.o, crti.o and crtn.o of the C library'
}

has_no_run_path() {
  local program
  for program in hello hello-cxx; do
    if "$READELF" -d "$program" | grep -E 'R(UN)?PATH'; then
      refuse "$program has a run path: it would look for libraries outside /usr/lib"
    fi
  done
  note 'run paths: none'
}

compiles_and_links
limits_are_complete
tools_are_ours
folders_are_ours
links_only_ours
has_no_run_path
