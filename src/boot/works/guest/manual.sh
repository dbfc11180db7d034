# Pages of the manual, their list, and the pager.
. "${0%/*}/facts.sh"
fact 'a page' "$(man -c less | col -b | grep -cx NAME)"
fact 'found by a word' "$(man -k less | grep -c '^less(1)')"
fact 'a pager' "$(printf 'one\ntwo\n' | less | tail -n 1)"
fact 'kind of a file' "$(file -b "${0%/*}/facts.sh" | cut -d, -f1)"
