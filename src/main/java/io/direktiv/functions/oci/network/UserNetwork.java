package io.direktiv.functions.oci.network;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The way out of sandboxes of a process that is not root: a program beside each sandbox carries
/// its packets as connections of this process's user.
///
/// ```
///   sandbox ── eth0 (tap) ── pasta or slirp4netns ── sockets of this machine ──▶ the world
/// ```
///
/// Such a socket would reach what listens on this machine under any of its addresses, so these, and
/// what is [Refused] anyway, are routes to nowhere inside the sandbox, which has no capability to
/// change them. Nothing comes in but answers, and sandboxes do not see each other. Safe for use by
/// many threads.
///
/// Sources: `pasta(1)`, `slirp4netns(1)`, `ip-route(8)`.
final class UserNetwork implements Network {
  private static final Duration READY_TIME = Duration.ofSeconds(30);
  private static final long LOOK_MILLIS = 2;
  private static final int WORDS_MAX = 500;
  private static final String NEEDS = "pasta or slirp4netns, iproute2 and util-linux";

  private final Carrier carrier;

  private UserNetwork(Carrier carrier) {
    this.carrier = carrier;
  }

  /// The programs that carry packets, the one that is asked first first: pasta is the faster one,
  /// but that of 2023 loses the end of a connection whose ends are closed one after the other.
  private enum Carrier {
    /// Ends when its standard input does, and so with this process.
    SLIRP4NETNS {
      @Override
      List<String> command(int pid, OuterUsers users, Path ready) {
        List<String> line = new ArrayList<>();
        line.addAll(List.of("sh", "-c", "exec 3> \"$0\" && exec \"$@\"", ready.toString()));
        line.addAll(List.of("slirp4netns", "--configure", "--ready-fd=3", "--exit-fd=0"));
        line.add("--mtu=65520");
        line.addAll(List.of("--disable-host-loopback", "--disable-dns", "--enable-seccomp"));
        if (users.isAround()) {
          // Where its user is not root, it cannot close itself in as well.
          line.addAll(List.of("--netns-type=path", "--userns-path=" + users.file(), network(pid)));
        } else {
          line.addAll(List.of("--enable-sandbox", Integer.toString(pid)));
        }
        line.add("eth0");
        return line;
      }
    },
    /// Is found by its command line when it outlives this process.
    PASTA {
      @Override
      List<String> command(int pid, OuterUsers users, Path ready) {
        List<String> line = new ArrayList<>(List.of("pasta", "--foreground", "--quiet"));
        line.addAll(List.of("--ipv4-only", "--config-net", "--no-map-gw", "--ns-ifname", "eth0"));
        line.addAll(List.of("-t", "none", "-u", "none", "-T", "none", "-U", "none"));
        line.addAll(List.of("--pid", ready.toString()));
        line.addAll(List.of("--userns", users.file().toString(), "--netns", network(pid)));
        return line;
      }
    };

    /// @param ready a file that has something in it once the sandbox has its address
    abstract List<String> command(int pid, OuterUsers users, Path ready);

    String program() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Finds a carrier, and what else is needed.
  ///
  /// @param programs gives the path of the program with a name
  /// @throws IOException when something is missing: the message says what
  static UserNetwork open(Function<String, Optional<String>> programs) throws IOException {
    for (String program : List.of("ip", "nsenter")) {
      if (programs.apply(program).isEmpty()) {
        throw new IOException(program + " was not found; the network \"egress\" needs " + NEEDS);
      }
    }
    return Stream.of(Carrier.values())
        .filter(carrier -> programs.apply(carrier.program()).isPresent())
        .findFirst()
        .map(UserNetwork::new)
        .orElseThrow(() ->
            new IOException(
                "neither pasta nor slirp4netns was found; install one (for example: apt-get"
                    + " install passt)"));
  }

  @Override
  public Link attach(int pid, Path folder) throws IOException {
    try (OuterUsers users = OuterUsers.of(pid)) {
      Path ready = folder.resolve("network");
      Path said = folder.resolve("network.log");
      Process process = start(carrier.command(pid, users, ready), said);
      try {
        closeWays(pid, users);
        awaitReady(process, ready, said);
        return process::destroyForcibly;
      } catch (IOException e) {
        process.destroyForcibly();
        throw e;
      }
    }
  }

  private static Process start(List<String> command, Path said) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
  }

  private static String network(int pid) {
    return "/proc/" + pid + "/ns/net";
  }

  private static void closeWays(int pid, OuterUsers users) throws IOException {
    Stream<String> own = ownAddresses().map(address -> address + "/32");
    String routes =
        Stream.concat(Refused.NETWORKS.stream(), own)
            .distinct()
            .map(network -> "route add blackhole " + network + "\n")
            .collect(Collectors.joining());
    List<String> line = new ArrayList<>();
    line.addAll(List.of("nsenter", "--user=" + users.file(), "--net=" + network(pid)));
    line.addAll(List.of("--preserve-credentials", "ip", "-batch", "-"));
    Commands.run(line, routes, NEEDS);
  }

  /// The addresses of this machine, now: engines and bridges come and go.
  private static Stream<String> ownAddresses() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .map(InetAddress::getHostAddress);
  }

  private void awaitReady(Process process, Path ready, Path said) throws IOException {
    long deadline = System.nanoTime() + READY_TIME.toNanos();
    try {
      while (!Files.exists(ready) || Files.size(ready) == 0) {
        if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new IOException(carrier.program() + " failed: " + words(said));
        }
        if (System.nanoTime() > deadline) {
          throw new IOException(carrier.program() + " took more than " + READY_TIME);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IOException(carrier.program() + " was interrupted");
    }
  }

  private static String words(Path said) throws IOException {
    String text = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
    return Optional.of(text.substring(0, Math.min(text.length(), WORDS_MAX)))
        .filter(words -> !words.isEmpty())
        .orElse("it said nothing");
  }

  @Override
  public void close() {
    // Each sandbox's own program ended with it.
  }
}
