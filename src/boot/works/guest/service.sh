# A service of one's own: it is started, started again when it fails, has a log, and is stopped with what it started.
. "${0%/*}/facts.sh"
folder=$(mktemp -d)
chmod 755 "$folder"
cat > "$folder/program" << END
#!/usr/bin/dash
echo "begins"
echo "given: \$*"
echo >> $folder/starts
if [ "\$(grep -c '' $folder/starts)" -lt 3 ]; then exit 1; fi
sleep 1000 &
echo \$! > $folder/child
wait
END
chmod 755 "$folder/program"
: > "$folder/starts"
chown nobody "$folder" "$folder/starts"
cat > /etc/init.d/tried << END
#!/usr/bin/dash
# Tried by a test.
command='$folder/program * \$HOME'
user=nobody
. /usr/lib/blazeneuro/service
END
chmod 755 /etc/init.d/tried
# What it said is the reason, when something is missing.
trap 'cat /var/log/tried.log; rm -f /etc/init.d/tried' EXIT

status=0
answer=$(service tried status) || status=$?
fact 'before' "$answer, code $status"
service tried start
tries=0
until [ -s "$folder/child" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ]
  sleep 0.5
done
does 'runs' service tried status
fact 'was started' "$(grep -c '' "$folder/starts") times"
fact 'log' "$(grep -c '^begins$' /var/log/tried.log)"
fact 'its words' "$(sed -n 's/^given: //p' /var/log/tried.log | tail -n 1)"
does 'a user is told that it runs' su -s /bin/sh -c '/etc/init.d/tried status' nobody
does 'a user can lock it' su -s /bin/sh -c 'flock -n /run/blazeneuro/services/tried.lock true || [ $? -eq 1 ]' nobody
child=$(cat "$folder/child")
fact 'runs as' "$(stat -c %U "/proc/$child")"
service tried stop
does 'what it started is left' test -d "/proc/$child"
does 'still runs' service tried status
trap - EXIT
rm -f /etc/init.d/tried /var/log/tried.log
