/**
 * Runs as the first process of the sandbox's outer process namespace: when it ends, however it ends, the kernel kills
 * all others and `unshare` waits until the last of them is gone. Hence no `exec` at the end, and the trap: the first
 * process of a namespace is deaf to a signal that it does not expect. Arguments: mount point, layers folder, overlay
 * options, work folder, out folder, filter of system calls, control group (or nothing), number of read-only paths,
 * these paths, then the command.
 * Everything is bound to below the mount point first, because the build user may not be able to reach the store
 * by its path (root's home is closed to others); and open to it, whatever umask we were started with.
 */
export const SETUP = `trap 'exit 143' TERM
set -eu
umask 022
point=$1 layers=$2 options=$3 work=$4 out=$5 filter=$6 group=$7 count=$8
shift 8
for fd in /proc/self/fd/*; do
  fd=\${fd##*/}
  if [ "$fd" -gt 3 ]; then exec {fd}>&-; fi
done
read -r score < /proc/self/oom_score_adj
if [ "$score" -lt 900 ]; then echo 900 > /proc/self/oom_score_adj; fi
if [ -n "$group" ]; then echo 0 > "$group/cgroup.procs"; fi
mount -t tmpfs -o mode=0755,size=50% blazeneuro "$point"
mkdir "$point"/{root,work,out,only,empty,tmp,shm,points,points/{build,dev,out,proc,tmp}}
chmod 1777 "$point"/{tmp,shm}
printf 'root:x:0:0:root:/root:/bin/bash\\nlfs:x:1000:1000:lfs:/build:/bin/bash\\n' > "$point/passwd"
printf 'root:x:0:\\nlfs:x:1000:\\n' > "$point/group"
printf "$filter" > "$point/filter"
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
unset OLDPWD
exec 9< "$point/filter"
code=0
"$@" || code=$?
exit "$code"
`;

/**
 * The first program inside: sets limits that count inside the sandbox only, and becomes the command. A limit on
 * processes that is set outside would count all builds of one user together. Arguments: processes, 1024-byte units of
 * one file, then the command.
 */
export const LIMIT = `ulimit -u "$1" -f "$2" -c 0
shift 2
exec "$@"
`;
