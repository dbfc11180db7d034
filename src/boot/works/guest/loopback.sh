# A server of this machine and a client of it: a file by TLS, from a server whose certificate is known, and from one
# whose is not.
. "${0%/*}/facts.sh"
cd "$(mktemp -d)"
fact 'the loopback' "$(ip -o -4 addr show dev lo | awk '{ print $4 }')"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out certificate -days 2 \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost > openssl.log 2>&1
seq 1 5000 > numbers
openssl s_server -accept 127.0.0.1:4433 -key key -cert certificate -WWW > server.log 2>&1 &
server=$!
trap 'kill "$server"' EXIT
tries=0
until ss -H -l -t -n | grep -q ':4433 '; do
  tries=$((tries + 1))
  [ "$tries" -lt 50 ]
  sleep 0.2
done
fetch() { curl --silent --show-error --max-time 30 "$@" https://localhost:4433/numbers; }
fact 'fetched' "$(fetch --cacert certificate > got && same got numbers && echo same)"
status=0
fetch > refused 2>&1 || status=$?
# curl(1): 60, the certificate of the peer cannot be checked with the known ones.
fact 'from somebody unknown' "$status"
