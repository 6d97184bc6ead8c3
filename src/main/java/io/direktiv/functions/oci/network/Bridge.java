package io.direktiv.functions.oci.network;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/// The way out of sandboxes whose network is `egress`: a bridge of this server's own, behind which
/// each has an address.
///
/// ```
///   sandbox ── eth0 ═ veth ═ bridge (isolated port) ── this machine ── masquerade ──▶ the world
/// ```
///
/// What must not be reached is refused by [Rules] and, for other sandboxes, by ports of the bridge
/// that are isolated from each other. A sandbox has no capability to change any of this. A veth
/// pair goes with the sandbox's network namespace, so an ended sandbox leaves nothing. Safe for use
/// by many threads.
///
/// Source: `ip-link(8)`.
final class Bridge implements Network {
  private static final int PREFIX = 20;
  private static final int ADDRESSES = 1 << 32 - PREFIX;
  private static final int SUBNETS = 256;
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
  static final String NEEDS = "iproute2 and nftables";

  private final String name;
  private final int subnet;
  private final Rules rules;
  private final BitSet taken = new BitSet(ADDRESSES);
  private volatile int number;

  private Bridge(String name, int subnet) {
    this.name = name;
    this.subnet = subnet;
    this.rules = new Rules(name, text(subnet) + "/" + PREFIX);
    // The first is the subnet's own, the second the bridge's, the last means all of them.
    taken.set(0, 2);
    taken.set(ADDRESSES - 1);
  }

  /// Makes the bridge and the rules; what an earlier process left of them is replaced.
  ///
  /// @param key tells servers of one machine apart
  /// @throws IOException when this machine refuses: the message says what is missing
  static Bridge open(String key) throws IOException {
    String name = "dkt" + String.format("%08x", key.hashCode());
    remove(name);
    Bridge network = new Bridge(name, freeSubnet(key));
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
    number = NetworkInterface.getByName(name).getIndex();
    rules.put();
    if (!Files.readString(FORWARDING).strip().equals("1")) {
      Files.writeString(FORWARDING, "1");
    }
  }

  @Override
  public Link attach(int pid, Path folder) throws IOException {
    int address = take();
    try {
      rules.keep();
      String port = name.substring(0, 3) + Integer.toHexString(pid) + "h";
      new Port(number, port, subnet + address, PREFIX, subnet + 1).connect(pid);
      return () -> release(address);
    } catch (IOException e) {
      release(address);
      throw e;
    }
  }

  private synchronized int take() throws IOException {
    int index = taken.nextClearBit(0);
    if (index >= ADDRESSES) {
      throw new IOException("all " + (ADDRESSES - 3) + " addresses of sandboxes are taken");
    }
    taken.set(index);
    return index;
  }

  private synchronized void release(int address) {
    taken.clear(address);
  }

  @Override
  public void close() throws IOException {
    remove(name);
  }

  private static void remove(String name) throws IOException {
    if (NetworkInterface.getByName(name) != null) {
      batch("link del " + name);
    }
    Rules.remove(name);
  }

  private static void batch(String... commands) throws IOException {
    run(List.of("ip", "-batch", "-"), String.join("\n", commands) + "\n");
  }

  private static String run(List<String> command, String input) throws IOException {
    return Commands.run(command, input, NEEDS);
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
