# What both gates share. Every gate says one sentence to people when it closes.

refuse() {
  echo "gate: $*" >&2
  exit 1
}

# Writes down what was found to be right.
note() {
  echo "$*" >> report
}

# demand SENTENCE COMMAND...: the command has to succeed; otherwise the sentence says what is wrong.
demand() {
  local sentence=$1
  shift
  "$@" || refuse "$sentence"
}

# says EXPECTED PROGRAM: the program of this folder runs, and says just that.
says() {
  local expected=$1 program=$2 said
  said=$("./$program") || refuse "$program does not run"
  [ "$said" = "$expected" ] || refuse "$program says '$said' and not '$expected'"
  note "$program says: $said"
}

# Reads paths from standard input, one a line: each has to lie inside the folder, whatever `..` it holds.
demand_inside() {
  local folder=$1 what=$2 path count=0
  while IFS= read -r path; do
    count=$((count + 1))
    case $(realpath -m "$path") in
      "$folder"/*) ;;
      *) refuse "$what has $path, which is not inside $folder" ;;
    esac
  done
  [ "$count" -gt 0 ] || refuse "$what is empty: the gate could not read it"
  note "$what: $count paths, all inside $folder"
}

demand_interpreter() {
  local program=$1 found
  found=$("$READELF" -l "$program" | sed -n 's/.*program interpreter: \(.*\)\]$/\1/p')
  [ "$found" = /lib64/ld-linux-x86-64.so.2 ] ||
    refuse "the loader of $program is '$found' and not /lib64/ld-linux-x86-64.so.2: programs would not start"
  note "loader of $program: $found"
}

demand_pie() {
  local program=$1 found
  found=$("$READELF" -h "$program" | sed -n 's/^ *Type: *//p')
  case $found in
    DYN*) note "kind of $program: $found" ;;
    *) refuse "$program is $found: the compiler was not configured with --enable-default-pie" ;;
  esac
}

# Where the preprocessor looks for headers, one folder a line.
include_folders() {
  local compiler=$1 language=$2
  "$compiler" -x "$language" -E -v /dev/null 2>&1 |
    sed -n '/^#include <...> search starts here:/,/^End of search list/s/^ //p'
}

# Where the compiler looks for libraries, one folder a line.
library_folders() {
  "$1" -print-search-dirs | sed -n 's/^libraries: =//p' | tr ':' '\n'
}
