# starts.sh TABLE FOLDER...: starts every program of the folders, and says how that went:
# `start<TAB>path<TAB>words<TAB>exit status<TAB>first line of what it said`. TABLE says which words a program wants,
# `name<TAB>words` a line; one that is not in it gets --version, then --help.
set -u
newline='
'
tab=$(printf '\t')
table=$newline$(cat -- "$1")$newline
shift
limit=${LIMIT:-20}

# Whatever a program leaves where it was started is gone with this folder.
places=$(mktemp -d)
mkdir "$places/scratch"
cd "$places/scratch" || exit
said=$places/said running=$places/running
: > "$running"

# One that watches over all of them costs less than timeout(1) for each: who still runs when it looks again is ended.
watch_over() {
  trap 'kill "$pause"' TERM
  last=''
  while :; do
    sleep "$limit" &
    pause=$!
    wait "$pause" || exit
    read -r now < "$running" || continue
    if [ "$now" = "$last" ]; then kill -s KILL "$now"; fi
    last=$now
  done
}
watch_over 2> "$places/watch" &
watch=$!
trap 'kill "$watch"; wait "$watch"; rm -rf "$places"' EXIT

start() {
  program=$1
  shift
  "$program" "$@" < /dev/null > "$said" 2>&1 &
  printf '%s\n' "$!" > "$running"
  wait "$!"
  status=$?
  : > "$running"
  line=''
  read -r line < "$said"
  printf 'start\t%s\t%s\t%s\t%.160s\n' "$program" "$*" "$status" "$line"
}

count=0
for folder in "$@"; do
  for path in "$folder"/*; do
    [ -x "$path" ] && [ -f "$path" ] || continue
    count=$((count + 1))
    case $table in
      *"$newline${path##*/}$tab"*)
        words=${table#*"$newline${path##*/}$tab"}
        words=${words%%"$newline"*}
        set -f
        start "$path" $words
        set +f
        ;;
      *)
        start "$path" --version
        [ "$status" -eq 0 ] || start "$path" --help
        ;;
    esac
  done
done
printf 'looked at\t%s\n' "$count"
