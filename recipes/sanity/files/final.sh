# Does what is built with the stage's flags, against the final C library, run, and is it hardened?
set -eu -o pipefail
. "$FILES/gates.sh"
READELF=readelf

compiles_and_runs() {
  # The flags are lists of words.
  demand 'gcc cannot compile and link a C program' cc $CFLAGS "$FILES/hello.c" -o hello $LDFLAGS -lm
  demand 'g++ cannot compile and link a C++ program' g++ $CXXFLAGS "$FILES/hello.cc" -o hello-cxx $LDFLAGS
  demand 'g++ cannot link a program with threads' g++ $CXXFLAGS "$FILES/threads.cc" -o threads $LDFLAGS
  demand 'gcc cannot compile and link a C program' cc $CFLAGS "$FILES/guarded.c" -o guarded $LDFLAGS
  says 'hello 42' hello
  says 'hello forty-two' hello-cxx
  says 'caught' threads
}

# Not grep -q in what follows: it would close the pipe early, which readelf takes as a failure.
demand_relro() {
  "$READELF" -lW "$1" | grep GNU_RELRO > found ||
    refuse "$1 has no RELRO segment: its table of addresses stays writable"
  "$READELF" -dW "$1" | grep -E 'BIND_NOW|Flags:.* NOW' > found ||
    refuse "$1 has no BIND_NOW: its table of addresses stays writable"
  note "$1: RELRO and BIND_NOW"
}

demand_cet() {
  "$READELF" -nW "$1" | grep 'IBT, SHSTK' > found ||
    refuse "$1 is not marked for IBT and SHSTK: something that was linked in was built without -fcf-protection"
  note "$1: IBT and SHSTK"
}

programs_are_hardened() {
  local program
  for program in hello hello-cxx threads guarded; do
    demand_interpreter "$program"
    demand_pie "$program"
    demand_relro "$program"
    demand_cet "$program"
  done
}

# The toolchain's glibc was made without --enable-bind-now: it must not be the one that is seen here.
library_is_the_final_one() {
  demand_relro /usr/lib/libc.so.6
  demand_cet /usr/lib/libc.so.6
  [ "$(LC_ALL=C.UTF-8 locale charmap)" = UTF-8 ] || refuse 'the locale C.UTF-8 does not work'
  note 'locale C.UTF-8: works'
}

overflows_are_noticed() {
  local said
  [ "$(./guarded short)" = short ] || refuse 'a program with FORTIFY does not work'
  if said=$(./guarded 'much too long for eight' 2>&1); then
    refuse "nothing noticed a buffer overflow: -D_FORTIFY_SOURCE has no effect"
  fi
  case $said in
    *'buffer overflow detected'*) note 'overflow: noticed by FORTIFY' ;;
    *) refuse "a buffer overflow was not noticed by FORTIFY; the program said '$said'" ;;
  esac
  "$READELF" -sW guarded | grep __stack_chk_fail > found || refuse 'the stack protector was not compiled in'
  note 'stack protector: there'
}

compiles_and_runs
programs_are_hardened
library_is_the_final_one
overflows_are_noticed
