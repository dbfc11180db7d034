# ssh.sh USER: the server on the loopback, with a key; files by rsync and sftp through it; and no server afterwards.
. "${0%/*}/facts.sh"
user=$1
listens() { ss -H -l -t -n | awk '{ print $4 }' | grep -c ':22$' | cat; }
as_user() { su - "$user" -c "$1"; }
sum() { sha256sum < "/home/$user/$1" | cut -c1-16; }

fact 'listens before' "$(listens)"
as_user 'mkdir -p .ssh && ssh-keygen -q -t ed25519 -N "" -f .ssh/id_ed25519 && cp .ssh/id_ed25519.pub .ssh/authorized_keys'
# until_so COMMAND: waits for it, and fails when it never comes.
until_so() {
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ]
    sleep 0.2
  done
}
is_there() { [ "$(listens)" -gt 0 ]; }

service sshd start
trap 'service sshd stop' EXIT
until_so is_there
ssh='ssh -o BatchMode=yes -o ConnectTimeout=30'
fact 'somebody unknown is not talked to' "$(as_user "$ssh 127.0.0.1 true" > /dev/null 2>&1 && echo talks || echo no)"
as_user "ssh-keyscan -t ed25519 127.0.0.1 > .ssh/known_hosts 2> keyscan.log"
fact 'logs in with a key' "$(as_user "$ssh 127.0.0.1 'id -un; pwd'" | tr '\n' ' ')"
# As blazeneuro.conf does it, where it names a user and a key and no password.
useradd -m keyonly
bash -c '. /usr/lib/blazeneuro/first-boot/apply
report() { echo "$1"; }
has_setting() { return 1; }
user=keyonly
apply_ssh_key "$(cat "$1")"' bash "/home/$user/.ssh/id_ed25519.pub"
fact 'a key opens an account without a password' "$(as_user "$ssh keyonly@127.0.0.1 id -un")"
userdel -r keyonly

# A login that goes on while the server is started anew.
folder=$(mktemp -d)
mkfifo "$folder/talk"
as_user "$ssh 127.0.0.1 'echo here; read -r word; echo \$word'" < "$folder/talk" > "$folder/said" &
login=$!
exec 3> "$folder/talk"
until_so grep -q here "$folder/said"
service sshd restart
echo survived >&3
status=0
wait "$login" || status=$?
exec 3>&-
fact 'a login outlives the server' "$(tail -n 1 "$folder/said") $status"
until_so is_there

fact 'root without a key' "$(as_user "$ssh root@127.0.0.1 true" > /dev/null 2>&1 && echo in || echo refused)"
fact 'root by password' "$(sshd -T | awk '$1 == "permitrootlogin" { print $2 }')"
as_user 'mkdir -p there here && seq 1 3000 > here/numbers && ln -s numbers here/link'
if command -v rsync > /dev/null; then
  fact 'by rsync' "$(as_user "rsync -a -e '$ssh' here/ 127.0.0.1:there/ && readlink there/link") $(sum there/numbers)"
  fact 'nothing is left to do' "$(as_user "rsync -a -i -e '$ssh' here/ 127.0.0.1:there/" | wc -l)"
else
  fact 'by rsync' 'left out'
  fact 'nothing is left to do' 0
fi
fact 'by scp' "$(as_user "scp -q -o BatchMode=yes 127.0.0.1:here/numbers copied" && sum copied)"
trap - EXIT
service sshd stop
fact 'listens afterwards' "$(listens)"
