package io.direktiv.functions.oci;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The way out of sandboxes whose network is `egress`: a bridge of this server's own, behind which
/// each has an address.
///
/// ```
///   sandbox ── eth0 ═ veth ═ bridge (isolated port) ── this machine ── masquerade ──▶ the world
/// ```
///
/// What must not be reached is refused by rules in a table of our own: everything that listens on
/// this machine, under whichever address, the addresses at which clouds give their machines
/// credentials, and other sandboxes (bridge ports that are isolated from each other). Nothing comes
/// in but answers. A sandbox has no capability to change any of this. A veth pair goes with the
/// sandbox's network namespace, so an ended sandbox leaves nothing. Safe for use by many threads.
///
/// Sources: `ip-link(8)`, `nft(8)`; the addresses are those of the clouds' own manuals.
final class Network implements AutoCloseable {
  private static final Duration COMMAND_TIME = Duration.ofSeconds(30);
  private static final int PREFIX = 20;
  private static final int ADDRESSES = 1 << 32 - PREFIX;
  private static final int SUBNETS = 256;
  private static final int OUTPUT_MAX = 1 << 20;
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
  private static final String REFUSED =
      "{ 127.0.0.0/8, 169.254.0.0/16, 100.100.100.200/32, 168.63.129.16/32, 192.0.0.0/24 }";

  private final String name;
  private final int subnet;
  private final BitSet taken = new BitSet(ADDRESSES);

  private Network(String name, int subnet) {
    this.name = name;
    this.subnet = subnet;
    // The first is the subnet's own, the second the bridge's, the last means all of them.
    taken.set(0, 2);
    taken.set(ADDRESSES - 1);
  }

  /// An address that a sandbox has until it ends.
  ///
  /// @param index its place in the subnet
  record Address(int index) {}

  /// Makes the bridge and the rules; what an earlier process left of them is replaced.
  ///
  /// @param key tells servers of one machine apart
  /// @throws IOException when this machine refuses: the message says what is missing
  static Network open(String key) throws IOException {
    String name = "dkt" + String.format("%08x", key.hashCode());
    remove(name);
    Network network = new Network(name, freeSubnet(key));
    network.make();
    return network;
  }

  /// A subnet in 10.64.0.0/12 that this machine has no route to yet.
  private static int freeSubnet(String key) throws IOException {
    String routes = run(List.of("ip", "-4", "route", "show"), "");
    int first = Math.floorMod(key.hashCode(), SUBNETS);
    for (int i = 0; i < SUBNETS; i++) {
      int subnet = 10 << 24 | 64 << 16 | (first + i) % SUBNETS << 32 - PREFIX;
      if (!routes.contains(text(subnet) + "/")) {
        return subnet;
      }
    }
    throw new IOException("none of the " + SUBNETS + " subnets in 10.64.0.0/12 is free");
  }

  private void make() throws IOException {
    batch(
        "link add " + name + " type bridge",
        "addr add " + text(subnet + 1) + "/" + PREFIX + " dev " + name,
        "link set " + name + " up");
    run(List.of("nft", "-f", "-"), rules());
    if (!Files.readString(FORWARDING).strip().equals("1")) {
      Files.writeString(FORWARDING, "1");
    }
  }

  private String rules() {
    return """
    table inet %1$s {
      chain input {
        type filter hook input priority -10; policy accept;
        iifname "%1$s" ct state established,related accept
        iifname "%1$s" drop
      }
      chain forward {
        type filter hook forward priority -10; policy accept;
        iifname "%1$s" ip daddr %2$s drop
        iifname "%1$s" meta nfproto ipv6 drop
        oifname "%1$s" ct state established,related accept
        oifname "%1$s" drop
      }
      chain out {
        type nat hook postrouting priority 100; policy accept;
        ip saddr %3$s/%4$d oifname != "%1$s" masquerade
      }
    }
    """
        .formatted(name, REFUSED, text(subnet), PREFIX);
  }

  /// Gives the sandbox whose first process is `pid` a way out.
  Address attach(int pid) throws IOException {
    Address address = take();
    try {
      String port = name.substring(0, 3) + Integer.toHexString(pid) + "h";
      batch(
          "link add " + port + " type veth peer name eth0 netns " + pid,
          "link set " + port + " master " + name,
          "link set " + port + " type bridge_slave isolated on",
          "link set " + port + " up");
      run(
          List.of("nsenter", "--net=/proc/" + pid + "/ns/net", "ip", "-batch", "-"),
          String.join(
              "\n",
              "addr add " + text(subnet + address.index()) + "/" + PREFIX + " dev eth0",
              "link set eth0 up",
              "route add default via " + text(subnet + 1),
              ""));
      return address;
    } catch (IOException e) {
      release(address);
      throw e;
    }
  }

  private synchronized Address take() throws IOException {
    int index = taken.nextClearBit(0);
    if (index >= ADDRESSES) {
      throw new IOException("all " + (ADDRESSES - 3) + " addresses of sandboxes are taken");
    }
    taken.set(index);
    return new Address(index);
  }

  /// Gives an address back; its sandbox has ended.
  synchronized void release(Address address) {
    taken.clear(address.index());
  }

  @Override
  public void close() throws IOException {
    remove(name);
  }

  private static void remove(String name) throws IOException {
    if (Files.exists(Path.of("/sys/class/net/" + name))) {
      batch("link del " + name);
    }
    // Adding before deleting makes that no error where there is none.
    run(List.of("nft", "-f", "-"), "table inet " + name + "\ndelete table inet " + name + "\n");
  }

  private static void batch(String... commands) throws IOException {
    run(List.of("ip", "-batch", "-"), String.join("\n", commands) + "\n");
  }

  private static String run(List<String> command, String input) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(
          command.getFirst()
              + " could not be started; the network \"egress\" needs iproute2, nftables and"
              + " util-linux",
          e);
    }
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // It ended before it read all of it; its exit code tells.
    }
    try {
      String said =
          new String(process.getInputStream().readNBytes(OUTPUT_MAX), StandardCharsets.UTF_8);
      if (!process.waitFor(COMMAND_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(command.getFirst() + " took more than " + COMMAND_TIME);
      }
      if (process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + " failed: " + said.strip());
      }
      return said;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IOException(command.getFirst() + " was interrupted");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String text(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }
}
