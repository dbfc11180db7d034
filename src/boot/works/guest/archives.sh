# archives.sh: a tree is packed, listed, and unpacked to the same, by each compressor that is there.
. "${0%/*}/facts.sh"
cd "$(mktemp -d)"
mkdir -p tree/folder
seq 1 20000 > tree/numbers
printf 'a\0b\n' > 'tree/folder/two words'
ln -s ../numbers tree/folder/link
chmod 750 tree/folder
find tree -depth -exec touch -h -d @1000000000 {} +

sum() { (cd "$1" && find . -printf '%p %m %T@ %l\n' | sort && find . -type f -exec sha256sum {} + | sort) | sha256sum; }

# round_trip PROGRAM OF-TAR-TO-PACK...
round_trip() {
  local name=$1
  shift
  if ! command -v "$name" > /dev/null; then fact "packed by $name" 'left out'; return; fi
  tar -c -f "tree.$name" "$@" tree
  [ "$(tar -t -f "tree.$name" | wc -l)" -eq 5 ]
  mkdir "by-$name"
  tar -x -p -C "by-$name" -f "tree.$name"
  if [ "$(sum tree)" = "$(sum "by-$name/tree")" ]; then fact "packed by $name" same; else fact "packed by $name" other; fi
}

round_trip tar
round_trip gzip --gzip
round_trip xz --xz
round_trip zstd --zstd
if command -v bsdtar > /dev/null; then
  mkdir by-bsdtar
  bsdtar -c -f - tree | tar -x -p -C by-bsdtar
  bsdtar -t -f tree.xz > /dev/null
  if [ "$(sum tree)" = "$(sum by-bsdtar/tree)" ]; then fact 'packed by bsdtar' same; else fact 'packed by bsdtar' other; fi
else
  fact 'packed by bsdtar' 'left out'
fi

head -c 9000 tree.gzip > torn.gz
does 'a torn archive is whole' gzip -t torn.gz
fact 'unpacked by zcat' "$(gzip -c < tree/numbers | zcat | tail -n 1)"
fact 'unpacked by xzcat' "$(xz -c < tree/numbers | xzcat | tail -n 1)"
