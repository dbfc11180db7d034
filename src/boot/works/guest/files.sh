# Files of a user's own: modes, links, times, holes.
. "${0%/*}/facts.sh"
cd "$(mktemp -d)"

umask 077
echo first > private
fact 'mode by umask' "$(stat -c %a private)"
chmod u=rw,g=r,o= private
fact 'mode by letters' "$(stat -c %a private)"
mkdir -p a/b/c
chmod 2755 a
fact 'mode of a folder' "$(stat -c %A a)"
ln private a/hard
ln -s ../private a/soft
fact 'names of one file' "$(stat -c %h private)"
echo second >> a/hard
fact 'through a link' "$(cat a/soft | tr '\n' ' ')"
cp -a a copied
fact 'a link is copied as one' "$(readlink copied/soft)"
mv private moved
does 'a link leads to what was moved' cat a/soft
touch -d '2001-02-03 04:05:06 UTC' moved
fact 'time of change' "$(TZ=UTC date -r moved '+%F %T')"
truncate -s 1G hole
fact 'size of a hole' "$(stat -c %s hole)"
fact 'blocks of a hole' "$(($(stat -c %b hole) < 100))"
dd if=/dev/zero bs=64K count=16 2> /dev/null | tee zeros | sha256sum > sum
fact 'sum of a mebibyte of zeros' "$(cut -c1-16 sum)"
cp zeros copy
does 'two files are the same' same zeros copy
rm copy
rm -r a copied
fact 'what is left' "$(ls | tr '\n' ' ')"
mkfifo pipe
echo through > pipe &
fact 'a named pipe' "$(cat pipe)"
wait
