# What is not for a user, who runs this: other people's files, and root's programs.
. "${0%/*}/facts.sh"
cd "$(mktemp -d)"
echo mine > shut
chmod 000 shut
does 'reads what has no mode' cat shut
does 'writes to the system' sh -c 'echo x >> /etc/passwd'
does 'reads hashes' cat /etc/shadow
does 'makes a device' mknod disk b 8 0
does 'mounts' mount -t tmpfs none .
does 'gives a file away' chown 0 shut
does 'ends the first process' kill -TERM 1
does 'reads messages of the kernel' dmesg
fact 'who' "$(id -un)"
fact 'where' "$HOME"
