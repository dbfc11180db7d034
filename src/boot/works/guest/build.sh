# A small piece of work by make, diff and patch.
. "${0%/*}/facts.sh"
cd "$(mktemp -d)"
printf 'all: greeting\ngreeting: name\n\tsed "s/.*/Hello, &/" name > greeting\n' > Makefile
echo world > name
make --silent
fact 'made' "$(cat greeting)"
fact 'made again only when it must be' "$(make -q && echo up to date)"
cp greeting greeting.old
echo stick > name
touch -d '1 minute ago' greeting
make --silent
status=0
diff -u greeting.old greeting > change || status=$?
fact 'diff' "$status $(grep -c '^[-+]Hello' change)"
patch --quiet greeting.old change
does 'patched to the same' cmp greeting.old greeting
patch --quiet --reverse greeting.old change
fact 'patched back' "$(cat greeting.old)"
does 'a patch that does not fit is taken' patch --quiet --batch --dry-run name change
fact 'diff3' "$(diff3 -m name name name)"
