# Processes: in the background, found by name, stopped, ended.
. "${0%/*}/facts.sh"

sleep 331 &
id=$!
fact 'ps by number' "$(ps -o comm= -p "$id")"
fact 'pgrep by command line' "$(pgrep -f '^sleep 331$')/$id"
kill -STOP "$id"
# Stopping takes effect when the process is next looked at.
while [ "$(ps -o stat= -p "$id" | cut -c1)" != T ]; do sleep 0.1; done
fact 'stopped' "$(ps -o stat= -p "$id" | cut -c1)"
kill -CONT "$id"
kill "$id"
status=0
wait "$id" || status=$?
fact 'status of who was ended' "$status"
does 'is still there' kill -0 "$id"

sleep 332 &
pkill -f '^sleep 332$'
status=0
wait "$!" || status=$?
fact 'pkill' "$status"
status=0
timeout 0.2 sleep 30 || status=$?
fact 'timeout' "$status"
fact 'nice' "$(nice -n 5 nice)"
fact 'trap' "$(sh -c 'trap "echo caught" TERM; kill -TERM $$')"
fact 'status of a pipe' "$(bash -c 'set -o pipefail; false | true; echo $?')"
fact 'memory is known' "$(($(free -k | awk '/^Mem:/ { print $2 }') > 50000))"
fact 'the first process' "$(ps -o comm= -p 1)"
fact 'two at once' "$(printf '%s\n' a b | xargs -P 2 -n 1 echo | sort | tr -d '\n')"
