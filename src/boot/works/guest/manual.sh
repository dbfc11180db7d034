# Pages of the manual, their list, and the pager.
. "${0%/*}/facts.sh"
fact 'a page' "$(man -P cat 1 less | grep -c '^.*less - opposite of more')"
fact 'a pager' "$(printf 'one\ntwo\n' | less | tail -n 1)"
fact 'kind of a file' "$(file -b "${0%/*}/facts.sh" | cut -d, -f1)"
