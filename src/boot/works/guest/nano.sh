# A text is written in nano, on a terminal, with its keys: Ctrl-O and Enter save, Ctrl-X leaves.
. "${0%/*}/facts.sh"
cd "$(mktemp -d)"
{ key 2 'Written in nano'; key 1 '\017\r'; key 1 '\030'; sleep 1; } | on_terminal 'nano note' > screen
fact 'written' "$(cat note)"
