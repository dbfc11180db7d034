# libraries.sh FOLDER...: what no program could start with. Says a line for each fault, `fault<TAB>path<TAB>why`, and at
# the end how much was looked at. Programs and libraries are asked through the loader that would start them.
set -u
export LC_ALL=C
loader=${LOADER:-/lib64/ld-linux-x86-64.so.2}
tab=$(printf '\t')
links=0 elf=0 scripts=0

fault() { printf 'fault\t%s\t%s\n' "$1" "$2"; }

# Firmware is for other processors; modules are no programs, and the kernel asks for them by itself.
look() { find "$@" \( -path '*/firmware' -o -path '*/lib/modules' \) -prune -o -print; }

ask_loader() {
  said=$("$loader" --list "$1" 2>&1)
  status=$?
  case $said in
    *'not found'*) fault "$1" "$(printf '%s\n' "$said" | sed -n '/not found/s/^[[:space:]]*//p' | tr '\n' ';')" ;;
    *) [ "$status" -eq 0 ] || fault "$1" "the loader ends with $status: $said" ;;
  esac
}

ask_interpreter() {
  set -f
  # As the kernel does it: blanks may stand behind the mark, and one word with options may follow.
  set -- "$1" $2
  set +f
  if [ ! -x "${2-}" ]; then fault "$1" "there is no interpreter ${2-}"; return; fi
  case $2 in
    */env) command -v -- "${3-}" > /dev/null || fault "$1" "env finds no ${3-}" ;;
  esac
}

list=$(mktemp)
trap 'rm -f "$list"' EXIT

look "$@" > "$list"
while IFS= read -r path; do
  [ -h "$path" ] || continue
  links=$((links + 1))
  [ -e "$path" ] || fault "$path" "leads to $(readlink "$path"), which is not there"
done < "$list"

# What a file begins with says what it is. One program reads them all.
while IFS= read -r path; do
  if [ -h "$path" ] || [ ! -f "$path" ] || [ ! -s "$path" ]; then continue; fi
  case $path in *.so | *.so.*) ;; *) [ -x "$path" ] || continue ;; esac
  printf '%s\n' "$path"
done < "$list" | xargs -d '\n' awk '
  FNR == 1 {
    if (/^\177ELF/) print "elf\t" FILENAME
    else if (/^#!/) print "script\t" FILENAME "\t" substr($0, 3)
    nextfile
  }' > "$list.kinds"
trap 'rm -f "$list" "$list.kinds"' EXIT

while IFS=$tab read -r kind path interpreter; do
  case $kind in
    elf) elf=$((elf + 1)); ask_loader "$path" ;;
    script) scripts=$((scripts + 1)); ask_interpreter "$path" "$interpreter" ;;
  esac
done < "$list.kinds"
printf 'looked at\telf %s\tscripts %s\tlinks %s\n' "$elf" "$scripts" "$links"
