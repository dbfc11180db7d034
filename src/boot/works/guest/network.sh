# network.sh: a network card, an address for it, and what answers there. What is there is made by QEMU (its manual,
# "Using the user mode network stack"): 10.0.2.2 is the router, which leads nowhere and therefore is not offered as one;
# 10.0.2.100 gives back what it is sent.
. "${0%/*}/facts.sh"
card=''
for device in /sys/class/net/*/device; do
  if [ -e "$device" ]; then
    card=$(basename "${device%/device}")
  fi
done
fact 'driver' "$(basename "$(readlink "/sys/class/net/$card/device/driver")")"
service dhcpcd start
# What it said is the reason, when there is no address.
trap 'cat /var/log/dhcpcd.log; service dhcpcd stop' EXIT
tries=0
until ip -o -4 addr show dev "$card" | grep -q 'inet 10\.'; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ]
  sleep 0.5
done
fact 'address' "$(ip -o -4 addr show dev "$card" | awk '{ print $4 }')"
fact 'what dhcpcd says of names' "$(head -n 1 /etc/resolv.conf)"
fact 'an echo' "$(timeout 20 bash -c 'exec 3<> /dev/tcp/10.0.2.100/7; echo hello >&3; read -r line <&3; echo "$line"')"
# It has no such server, but says so itself.
does 'the router has an echo' timeout 20 bash -c ': <> /dev/tcp/10.0.2.2/7'
fact 'the router answers' "$(ip neigh show 10.0.2.2 | grep -c lladdr | cat)"
does 'the router answers ping' ping -c 1 -W 10 10.0.2.2
trap - EXIT
service dhcpcd stop
