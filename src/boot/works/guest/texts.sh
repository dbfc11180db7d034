# Texts through pipes, with results that are known.
. "${0%/*}/facts.sh"
cd "$(mktemp -d)"
mkdir -p letters/old
printf 'pear 3\napple 12\nfig 7\napple 5\n' > letters/fruit.txt
printf 'fig green\npear yellow\n' > letters/colours.txt
echo 'Nothing of fruit' > letters/old/notes.md

fact sort "$(sort -k1,1 -k2,2n letters/fruit.txt | tr '\n' ,)"
fact uniq "$(cut -d' ' -f1 letters/fruit.txt | sort | uniq -c | sort -rn | head -n 1 | tr -s ' ' | cut -c2-)"
fact awk "$(awk '{ sum[$1] += $2 } END { print sum["apple"], NR }' letters/fruit.txt)"
fact 'awk counts in fractions' "$(awk 'BEGIN { printf "%.4f", atan2(0, -1) }')"
fact sed "$(sed -n -E 's/^(.)(.*) ([0-9]+)$/\3\1/p' letters/fruit.txt | paste -s -d+)"
fact grep "$(grep -rliE 'f(ig|ruit)' letters | sort | tr '\n' ' ')"
fact 'grep of words' "$(grep -cvw apple letters/fruit.txt)"
fact find "$(find letters -type f -name '*.[tm]*' ! -path '*/old/*' -printf '%f ' | tr ' ' '\n' | sort | tr '\n' ' ')"
fact 'find and xargs' "$(find letters -type f -print0 | sort -z | xargs -0 cat | wc -w)"
fact join "$(sort letters/fruit.txt | join - letters/colours.txt | tr '\n' ,)"
fact 'tr and fold' "$(printf 'blazeneuro' | tr a-y b-z | fold -w 4 | tail -n 1)"
fact 'seq and sum' "$(seq 1 1000 | awk '{ s += $1 } END { print s }')"
fact 'numbers for people' "$(numfmt --to=iec 1048576)"
fact 'date' "$(TZ=Europe/Berlin date -d @1000000000 '+%F %T %Z')"
fact 'letters beyond ASCII' "$(printf 'Grüße' | LC_ALL=C.UTF-8 wc -m)"
fact 'code of characters' "$(printf 'Gr\374\337e' | iconv -f ISO-8859-1 -t UTF-8)"
fact base64 "$(printf 'remember' | base64 | base64 -d)"
fact 'sum of a text' "$(printf 'remember' | sha256sum | cut -c1-16)"
split -l 2 letters/fruit.txt part.
fact split "$(ls part.* | tr '\n' ' ')"
fact 'a list edited in place' "$(sed -i -e '$a\plum 1' -e '/apple/d' letters/fruit.txt && tr '\n' , < letters/fruit.txt)"
