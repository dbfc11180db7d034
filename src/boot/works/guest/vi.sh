# A text is written in vi, on a terminal, with its keys.
. "${0%/*}/facts.sh"
cd "$(mktemp -d)"
echo second > note
{ key 2 'OWritten in vi\033'; key 1 ':wq\r'; sleep 1; } | on_terminal 'vi note' > screen
fact 'written' "$(tr '\n' ',' < note)"
