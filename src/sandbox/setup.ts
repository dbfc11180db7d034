/**
 * Runs inside the private mount namespace and leaves it to bubblewrap. Arguments: mount point, layers folder,
 * overlay options, work folder, out folder, number of read-only paths, these paths, then the command.
 * Everything is bound to below the mount point first, because the build user may not be able to reach the store
 * by its path (root's home is closed to others).
 */
export const SETUP = `set -eu
point=$1 layers=$2 options=$3 work=$4 out=$5 count=$6
shift 6
mount -t tmpfs -o mode=0755 blazeneuro "$point"
mkdir "$point"/{root,work,out,only,points} "$point"/points/{build,dev,out,proc,tmp}
printf 'root:x:0:0:root:/root:/bin/bash\\nlfs:x:1000:1000:lfs:/build:/bin/bash\\n' > "$point/passwd"
printf 'root:x:0:\\nlfs:x:1000:\\n' > "$point/group"
mount --bind "$work" "$point/work"
mount --bind "$out" "$point/out"
for ((i = 0; i < count; i++)); do
  if [ -d "$1" ]; then mkdir "$point/only/$i"; else : > "$point/only/$i"; fi
  mount --bind "$1" "$point/only/$i"
  shift
done
cd "$layers"
if [ -e 0 ]; then mount -t overlay -o "$options" blazeneuro "$point/root"
else mount --bind "$point/points" "$point/root"; fi
cd /
exec "$@"
`;
