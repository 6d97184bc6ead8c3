package io.direktiv.functions.oci.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/// A port of a bridge, and the other end of its link in a sandbox, where it is called `eth0`.
///
/// The kernel is asked for all of it without a program: two of those took eight milliseconds and
/// the processors of those that run. Sources: `veth(4)`, `rtnetlink(7)`, and `linux/if_link.h` for
/// the numbers.
///
/// @param bridge the number of the bridge
/// @param name of the port
/// @param address of the sandbox, the first byte in the highest bits
/// @param prefix how many bits of it are the network's
/// @param gateway the way out
record Port(int bridge, String name, int address, int prefix, int gateway) {
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_GETLINK = 18;
  private static final int RTM_NEWADDR = 20;
  private static final int RTM_NEWROUTE = 24;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_OPERSTATE = 16;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_NET_NS_PID = 19;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_DATA = 2;
  private static final int IFLA_INFO_SLAVE_KIND = 4;
  private static final int IFLA_INFO_SLAVE_DATA = 5;
  private static final int VETH_INFO_PEER = 1;
  private static final int IFLA_BRPORT_ISOLATED = 33;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int RTA_GATEWAY = 5;
  private static final int IFF_UP = 1;
  private static final int AF_INET = 2;
  private static final int TABLE_MAIN = 254;
  private static final int MADE_AT_BOOT = 3;
  private static final int UNICAST = 1;
  private static final int IF_OPER_UP = 6;
  private static final int LINK_BYTES = 16;
  private static final int ATTRIBUTE_BYTES = 4;
  private static final long LOOK_NANOS = 200_000;
  private static final long UP_NANOS_MAX = 1_000_000_000;
  private static final String INSIDE = "eth0";

  /// Makes it, for the network of the process `pid`.
  ///
  /// A thread goes into that network and ends there, as in `functions.reach`.
  void connect(int pid) throws IOException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("port-" + name)
        .start(() -> {
          try {
            make(pid);
            done.complete(null);
          } catch (IOException | RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        });
    try {
      done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof IOException cause
          ? cause
          : new IOException("the network of a sandbox could not be made", e.getCause());
    }
  }

  private void make(int pid) throws IOException {
    try (Netlink here = Netlink.open()) {
      here.ask(List.of(pair(pid), isolated()));
      int port = Netlink.number(name);
      Netlink.enter(pid);
      try (Netlink inside = Netlink.open()) {
        int number = Netlink.number(INSIDE);
        inside.ask(List.of(addressed(number), up(number), routed()));
        awaitUp(inside, number);
      }
      awaitUp(here, port);
      awaitUp(here, bridge);
    }
  }

  /// Blocks until a link carries what is sent, or has had time for it.
  ///
  /// The kernel sees to that a moment after a link is up, and drops what is sent before: a
  /// connection would lose its first packet, and with that a second. Since Linux 6.9 a look at a
  /// link makes the kernel see to it.
  private static void awaitUp(Netlink network, int number) throws IOException {
    long deadline = System.nanoTime() + UP_NANOS_MAX;
    while (!isUp(network, number) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static boolean isUp(Netlink network, int number) throws IOException {
    NetlinkRequest look = NetlinkRequest.look("link " + number, RTM_GETLINK);
    ByteBuffer answer = network.look(link(look, number, 0));
    answer.position(answer.position() + LINK_BYTES);
    while (answer.remaining() >= ATTRIBUTE_BYTES) {
      int start = answer.position();
      int length = answer.getShort(start) & 0xffff;
      if (answer.getShort(start + Short.BYTES) == IFLA_OPERSTATE) {
        return answer.get(start + ATTRIBUTE_BYTES) == IF_OPER_UP;
      }
      int next = start + Math.max(ATTRIBUTE_BYTES, length + ATTRIBUTE_BYTES - 1 & -ATTRIBUTE_BYTES);
      answer.position(Math.min(next, answer.limit()));
    }
    return true;
  }

  /// The pair: one end at the bridge, the other in there.
  private NetlinkRequest pair(int pid) {
    NetlinkRequest request = NetlinkRequest.make("link " + name, RTM_NEWLINK);
    return link(request, 0, 0)
        .text(IFLA_IFNAME, name)
        .number(IFLA_MASTER, bridge)
        .holding(
            IFLA_LINKINFO,
            () ->
                request
                    .text(IFLA_INFO_KIND, "veth")
                    .holding(
                        IFLA_INFO_DATA,
                        () ->
                            request.holding(
                                VETH_INFO_PEER,
                                () ->
                                    link(request, 0, 0)
                                        .text(IFLA_IFNAME, INSIDE)
                                        .number(IFLA_NET_NS_PID, pid))));
  }

  /// The port apart from other ports that are, and up.
  private NetlinkRequest isolated() {
    NetlinkRequest request = NetlinkRequest.change("port " + name, RTM_NEWLINK);
    return link(request, 0, IFF_UP)
        .text(IFLA_IFNAME, name)
        .holding(
            IFLA_LINKINFO,
            () ->
                request
                    .text(IFLA_INFO_SLAVE_KIND, "bridge")
                    .holding(IFLA_INFO_SLAVE_DATA, () -> request.flag(IFLA_BRPORT_ISOLATED, 1)));
  }

  private NetlinkRequest addressed(int number) {
    return NetlinkRequest.make("address of " + INSIDE, RTM_NEWADDR)
        .bytes(AF_INET, prefix, 0, 0)
        .numbers(number)
        .address(IFA_LOCAL, address)
        .address(IFA_ADDRESS, address);
  }

  private NetlinkRequest up(int number) {
    return link(NetlinkRequest.change("link " + INSIDE, RTM_NEWLINK), number, IFF_UP);
  }

  private NetlinkRequest routed() {
    return NetlinkRequest.make("route of " + INSIDE, RTM_NEWROUTE)
        .bytes(AF_INET, 0, 0, 0, TABLE_MAIN, MADE_AT_BOOT, 0, UNICAST)
        .numbers(0)
        .address(RTA_GATEWAY, gateway);
  }

  /// Adds the structure of links, which changes `flags` to set ones.
  private static NetlinkRequest link(NetlinkRequest request, int number, int flags) {
    return request.bytes(0, 0, 0, 0).numbers(number, flags, flags);
  }
}
