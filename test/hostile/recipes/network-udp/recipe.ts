import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Sends to a server that waits on this machine's loopback, and waits for its answer; then to the world.
export default defineRecipe({
  name: 'network-udp',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        perl -MIO::Socket::INET -e '
          my $socket = IO::Socket::INET->new(Proto => "udp", PeerAddr => "127.0.0.1", PeerPort => @PORT@) or die "socket: $!";
          $socket->send("hello");
          alarm 1;
          defined($socket->recv(my $answer, 100)) or die "no answer: $!";
        ' || echo hello > /dev/udp/192.0.2.1/53
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
