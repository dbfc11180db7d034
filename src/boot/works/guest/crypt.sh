# A drive in a file whose content only a key opens. Few iterations: what a key costs is not what is tested.
. "${0%/*}/facts.sh"
cd "$(mktemp -d)"
truncate -s 32M drive
printf 'the right key' > key
printf 'the wrong key' > wrong
cryptsetup luksFormat --batch-mode --pbkdf pbkdf2 --pbkdf-force-iterations 1000 drive key
does 'opens with a wrong key' cryptsetup open --key-file wrong drive box
cryptsetup open --key-file key drive box
mkfs.ext4 -q /dev/mapper/box
mkdir inside
mount /dev/mapper/box inside
echo 'nobody reads this' > inside/secret
umount inside
fact 'kind' "$(cryptsetup status box | awk '$1 == "type:" || $1 == "cipher:" { print $2 }' | tr '\n' ' ')"
cryptsetup close box
does 'is there when it is closed' test -e /dev/mapper/box
does 'is in the clear' grep -q 'nobody reads this' drive
cryptsetup open --key-file key drive box
mount /dev/mapper/box inside
fact 'read back' "$(cat inside/secret)"
umount inside
cryptsetup close box
