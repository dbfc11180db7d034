# Does the compiler of the temporary system, at home in it, make programs that run?
set -eu -o pipefail
. "$FILES/gates.sh"
READELF=readelf

compiles_and_runs() {
  demand 'gcc cannot compile and link a C program' cc "$FILES/hello.c" -o hello -lm
  demand 'g++ cannot compile and link a C++ program' g++ "$FILES/hello.cc" -o hello-cxx
  demand 'g++ cannot link a program with threads' g++ "$FILES/threads.cc" -o threads
  demand 'limits.h is not complete' cc -c "$FILES/limits.c" -o limits.o
  says 'hello 42' hello
  says 'hello forty-two' hello-cxx
  says 'caught' threads
}

programs_are_as_they_should() {
  local program
  for program in hello hello-cxx threads; do
    demand_interpreter "$program"
    demand_pie "$program"
  done
}

# The loader's own words: every library that a program is started with.
libraries_are_ours() {
  LD_TRACE_LOADED_OBJECTS=1 ./threads | sed -n 's/.*=> \([^ ]*\) .*/\1/p' |
    demand_inside /usr/lib 'the list of libraries that a C++ program is started with'
}

folders_are_ours() {
  include_folders gcc c | demand_inside /usr 'the search list of C headers'
  include_folders g++ c++ | demand_inside /usr 'the search list of C++ headers'
  if gcc -print-search-dirs | grep -F /mnt/lfs; then
    refuse 'gcc still looks into the build root of the cross-toolchain, /mnt/lfs'
  fi
  note 'search lists: no trace of the cross-toolchain'
}

compiles_and_runs
programs_are_as_they_should
libraries_are_ours
folders_are_ours
