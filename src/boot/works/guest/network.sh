# network.sh: a network card, an address for it, and what answers there. What is there is made by QEMU (its manual,
# "Using the user mode network stack"): 10.0.2.2 is the router, and 10.0.2.100 gives back what it is sent.
. "${0%/*}/facts.sh"
card=''
for device in /sys/class/net/*/device; do
  if [ -e "$device" ]; then
    card=$(basename "${device%/device}")
  fi
done
fact 'driver' "$(basename "$(readlink "/sys/class/net/$card/device/driver")")"
service dhcpcd start
trap 'service dhcpcd stop' EXIT
tries=0
until ip -o -4 addr show dev "$card" | grep -q 'inet 10\.'; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ]
  sleep 0.5
done
fact 'address' "$(ip -o -4 addr show dev "$card" | awk '{ print $4 }')"
fact 'way out' "$(ip -4 route show default | awk '{ print $3 }')"
fact 'names are asked for at' "$(awk '$1 == "nameserver" { print $2; exit }' /etc/resolv.conf)"
fact 'an echo' "$(timeout 20 bash -c 'exec 3<> /dev/tcp/10.0.2.100/7; echo hello >&3; read -r line <&3; echo "$line"')"
fact 'the router' "$(ip neigh show 10.0.2.2 | grep -c lladdr | cat)"
trap - EXIT
service dhcpcd stop
