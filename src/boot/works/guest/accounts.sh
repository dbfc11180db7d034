# accounts.sh USER PASSWORD: makes a user who does the rest of the work, and looks at what was made.
. "${0%/*}/facts.sh"
user=$1

useradd -m -s /usr/bin/bash "$user"
printf '%s:%s\n' "$user" "$2" | chpasswd
groupadd crew
usermod -a -G crew "$user"
if getent group wheel > /dev/null; then usermod -a -G wheel "$user"; fi
fact 'home and shell' "$(getent passwd "$user" | cut -d: -f6-)"
fact 'home is private' "$(stat -c '%a %U %G' "/home/$user")"
fact 'is in the group' "$(id -nG "$user" | tr ' ' '\n' | grep -cx crew)"
fact 'password is set' "$(passwd -S "$user" | cut -d' ' -f2)"
# crypt(5): yescrypt, the strongest that is there.
fact 'kind of hash' "$(getent shadow "$user" | cut -d: -f2 | cut -c1-3)"

# Somebody else, who has no business in that home, and is gone afterwards.
useradd -m visitor
fact 'su becomes somebody else' "$(su visitor -c 'id -un')"
fact 'su - gives a login' "$(su - visitor -c 'pwd; umask' | tr '\n' ' ')"
does 'a home is open to others' su visitor -c "ls /home/$user"
does 'hashes are open to others' su visitor -c 'cat /etc/shadow'
usermod -L visitor
fact 'a locked password' "$(passwd -S visitor | cut -d' ' -f2)"
userdel -r visitor
does 'who was deleted is known' id visitor
does 'who was deleted has a home' test -e /home/visitor
fact 'pwck and grpck' "$(pwck -r > /dev/null 2>&1 && grpck -r > /dev/null 2>&1 && echo content || echo discontent)"
