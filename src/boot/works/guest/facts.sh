# What every script of work begins with: `fact NAME VALUE` says what came out, for the judge at the other end.
set -eu
export LC_ALL=C
fact() { printf 'fact\t%s\t%s\n' "$1" "$2"; }

# Whether a command does as it is told: `does NAME COMMAND...`.
does() {
  local name=$1
  shift
  if "$@" > /dev/null 2>&1; then fact "$name" yes; else fact "$name" no; fi
}

# Whether two files hold the same; not every system has cmp.
same() { [ "$(sha256sum < "$1")" = "$(sha256sum < "$2")" ]; }

# A command on a terminal of its own, as a person has one: `on_terminal COMMAND`, keys come from stdin.
on_terminal() { TERM=linux script -q -c "$1" /dev/null; }

# Presses keys, one `key PAUSE TEXT` after the other, for somebody who needs time to read.
key() {
  sleep "$1"
  printf "$2"
}
