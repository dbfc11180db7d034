# doas.sh PASSWORD: a command as root, for one of the group wheel who knows the own password.
. "${0%/*}/facts.sh"
cd "$(mktemp -d)"
does 'without being asked' doas -n true
{ key 2 "$1\r"; sleep 2; } | on_terminal 'doas id -un' > screen
fact 'becomes' "$(tr -d '\r' < screen | tail -n 1)"
{ key 2 'wrong\r'; sleep 4; } | on_terminal 'doas -L; doas id -un' > refused
fact 'with a wrong password' "$(tr -d '\r' < refused | grep -cx root)"
