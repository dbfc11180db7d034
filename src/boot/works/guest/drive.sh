# drive.sh SECTORS: another drive, of that size: partitions, file systems, files, and all of it again after unmounting.
. "${0%/*}/facts.sh"
device=''
for size in /sys/block/*/size; do
  if [ "$(cat "$size")" = "$1" ]; then
    device=/dev/$(basename "${size%/size}")
  fi
done
[ -b "$device" ]

printf 'label: gpt\nsize=40MiB, type=linux\ntype=uefi\n' | sfdisk --quiet --wipe always "$device"
blockdev --rereadpt "$device"
# devtmpfs makes the names as soon as the kernel has read the table.
fact 'partitions' "$(lsblk -n -r -o TYPE "$device" | sort | uniq -c | tr -s ' \n' ' ')"
mkfs.ext4 -q -L first "${device}1"
mkfs.vfat -n SECOND "${device}2" > /dev/null
fact 'kinds and names' "$(for part in 1 2; do blkid -p -o value -s TYPE -s LABEL "$device$part"; done | sort | tr '\n' ' ')"

places=$(mktemp -d)
mkdir "$places/ext4" "$places/vfat"
mount_both() {
  mount -o "$1" "${device}1" "$places/ext4"
  mount -o "$1" "${device}2" "$places/vfat"
}
umount_both() { umount "$places/ext4" "$places/vfat"; }

mount_both rw
for kind in ext4 vfat; do
  seq 1 100000 > "$places/$kind/Numbers of a hundred thousand.txt"
  mkdir "$places/$kind/folder"
  echo kept > "$places/$kind/folder/small"
done
ln -s folder/small "$places/ext4/link"
fact 'mounted' "$(findmnt -n -r -o FSTYPE "$places/ext4") $(findmnt -n -r -o FSTYPE "$places/vfat")"
umount_both
fact 'not mounted' "$(findmnt -n -r "$places/ext4" | wc -l)"

fact 'fsck of ext4' "$(fsck.ext4 -f -n "${device}1" > /dev/null 2>&1 && echo clean)"
fact 'fsck of vfat' "$(fsck.vfat -n "${device}2" > /dev/null 2>&1 && echo clean)"

mount_both ro
for kind in ext4 vfat; do
  fact "read back from $kind" "$(sha256sum < "$places/$kind/Numbers of a hundred thousand.txt" | cut -c1-16)"
  fact "small file of $kind" "$(cat "$places/$kind/folder/small")"
done
fact 'link of ext4' "$(readlink "$places/ext4/link")"
does 'what is read-only is written to' touch "$places/ext4/new"
umount_both
resize2fs -f "${device}1" 30M > /dev/null 2>&1
fact 'fsck after shrinking' "$(fsck.ext4 -f -n "${device}1" > /dev/null 2>&1 && echo clean)"
