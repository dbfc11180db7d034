#!/bin/bash
# The job in the guest: writes numbered records with their sums below PLACE, makes each safe, and only then acknowledges
# it on descriptor 3, one line each. Five workers side by side, one for each way that programs write, and a noisy neighbour: records.ts knows
# every byte of it. Usage: bash job.sh SEED PLACE COUNT 3<>/dev/ttyS1
set -Eeuo pipefail
seed=$1 place=$2 count=$3

# One write, so that the lines of two workers never mix.
acknowledge() { printf '%s %d\n' "$1" "$2" >&3; }

# Waits until all that was acknowledged is on the line: stty lets the line run empty before it sets anything.
drain() { if [ -t 3 ]; then stty raw -echo <&3; fi; }

# Sums are made all at once: a process for each would take longer than the record.
make_digests() {
  local folder number
  folder=$(mktemp -d)
  for ((number = 1; number <= count; number++)); do echo "$seed $number" > "$folder/$number"; done
  (cd "$folder" && seq "$count" | xargs sha256sum > sums)
  mapfile -t digests < "$folder/sums"
  rm -r "$folder"
  digests=(none "${digests[@]%% *}")
}

# A file grows at its end.
append() {
  local number sum
  : > log && sync log .
  for ((number = 1; number <= count; number++)); do
    sum=${digests[number]}
    printf 'append %d %s%s%s%s\n' "$number" "$sum" "$sum" "$sum" "$sum" >> log
    sync log
    acknowledge append "$number"
  done
}

# A file is written beside the old one, and takes its place.
replace() {
  local number lines
  for ((number = 1; number <= count; number++)); do
    for ((lines = number * 37 % 60; lines >= 0; lines--)); do
      printf 'replace %d %s\n' "$number" "${digests[number]}"
    done > file.new
    sync file.new
    mv file.new file
    sync .
    acknowledge replace "$number"
  done
}

# Pieces of a file are overwritten where they are.
slots() {
  local number sector
  head -c $((64 * 4096)) /dev/zero > file && sync file .
  for ((number = 1; number <= count; number++)); do
    for sector in 0 1 2 3 4 5 6 7; do
      printf '%-511s\n' "slots $number $sector ${digests[number]}"
    done | dd of=file bs=4096 iflag=fullblock seek=$((number % 64)) count=1 conv=notrunc,fdatasync status=none
    acknowledge slots "$number"
  done
}

# Small files come and go.
many() {
  local number file files
  for ((number = 1; number <= count; number++)); do
    if ((number > 10)); then
      # Once these are gone, nobody may still wait to hear that the records before this one are there.
      drain
      rm "$((number - 10))"-?
    fi
    files=()
    for file in 0 1 2 3 4; do
      printf 'many %d %d %s\n' "$number" "$file" "${digests[number]}" > "$number-$file"
      files+=("$number-$file")
    done
    sync "${files[@]}" .
    acknowledge many "$number"
  done
}

# A file of a megabyte takes the place of an old one.
big() {
  local number
  for ((number = 1; number <= count; number++)); do
    # `yes` is ended by `head`, as meant.
    { yes "big $number ${digests[number]}" || [ "$?" -eq 141 ]; } | head -c 1048576 > file.new
    sync file.new
    mv file.new "file-$((number % 3))"
    sync .
    acknowledge big "$number"
  done
}

# Writes that nobody asks to be safe, and now and then all of them at once: so that a crash has something to lose.
noise() {
  local round file
  for ((round = 1; ; round++)); do
    mkdir "$round"
    for file in 1 2 3 4 5 6 7 8 9 10 11 12; do
      printf '%*d\n' $((round * file * 997 % 30000 + 1)) "$round" > "$round/$file"
    done
    if ((round > 4)); then rm -r "$((round - 4))"; fi
    if ((round % 2 == 0)); then sync -f .; fi
    sleep 0.2
  done
}

work() {
  pattern=$1
  trap 'printf "failed %s\n" "$pattern" >&3' ERR
  cd "$place/$pattern"
  "$pattern"
}

drain
make_digests
for pattern in append replace slots many big; do mkdir -p "$place/$pattern"; done
sync
workers=()
for pattern in append replace slots many big; do
  work "$pattern" &
  workers+=("$!")
done
noisy=$place/noise
rm -rf "$noisy" && mkdir "$noisy"
(cd "$noisy" && noise) &
wait "${workers[@]}"
kill "$!"
