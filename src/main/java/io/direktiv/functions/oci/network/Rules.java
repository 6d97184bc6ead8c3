package io.direktiv.functions.oci.network;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The rules of `nftables` that hold the sandboxes behind a bridge.
///
/// Those that refuse are in a table of our own: everything that listens on this machine, under
/// whichever address, also where an engine would lead it on to a container (what is not tracked has
/// its address changed by nobody); what is [Refused] anyway; and all of IPv6. Whoever tries is told
/// so at once. Nothing comes in but answers.
///
/// No table can allow what another one drops. So where a firewall of this machine forwards nothing
/// unless told so, as Docker and `ufw` set it up, two rules at the end of its own chain tell it so,
/// in the form that `iptables` reads as well; whatever the firewall refuses before goes on being
/// refused, and the containers of an engine, behind other bridges, stay closed. Safe for use by
/// many threads.
///
/// Sources: `nft(8)`, `iptables-nft(8)`.
final class Rules {
  private static final Duration LOOK_PAUSE = Duration.ofSeconds(2);
  private static final Pattern CHAIN = Pattern.compile("\\s*chain (\\S+) \\{.*");
  private static final Pattern TABLE = Pattern.compile("table (ip|inet) (\\S+) \\{.*");
  private static final Pattern HANDLE = Pattern.compile(".* # handle (\\d+)");

  private final String bridge;
  private final String subnet;
  private final ReentrantLock looking = new ReentrantLock();
  private long lookedNanos;

  /// Rules for what comes from `bridge`, whose addresses are in `subnet`.
  Rules(String bridge, String subnet) {
    this.bridge = bridge;
    this.subnet = subnet;
  }

  /// A chain of another table that drops what it is not told to forward.
  private record Closed(String family, String table, String chain) {
    @Override
    public String toString() {
      return family + " " + table + " " + chain;
    }
  }

  /// Sets the rules; those that are there are replaced.
  void put() throws IOException {
    remove(bridge);
    List<Closed> closed = closed();
    StringBuilder rules = new StringBuilder(table(!closed.isEmpty()));
    for (Closed chain : closed) {
      for (String side : List.of("iifname", "oifname")) {
        rules.append("add rule %s %s \"%s\" counter accept\n".formatted(chain, side, bridge));
      }
    }
    nft(rules.toString());
    lookedNanos = System.nanoTime();
  }

  /// Sets the rules again when they are gone or a firewall has come, since who loads rules of his
  /// own often empties all tables first. Looks at most every 2 seconds.
  void keep() throws IOException {
    looking.lock();
    try {
      if (System.nanoTime() - lookedNanos < LOOK_PAUSE.toNanos()) {
        return;
      }
      if (!isThere()) {
        put();
      }
      lookedNanos = System.nanoTime();
    } finally {
      looking.unlock();
    }
  }

  private boolean isThere() throws IOException {
    if (!list("-y", "list", "tables").lines().anyMatch(("table inet " + bridge)::equals)) {
      return false;
    }
    for (Closed chain : closed()) {
      if (handles(chain, bridge).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private String table(boolean hasClosed) throws IOException {
    return """
    table inet %1$s {
      chain refuse {
        meta l4proto tcp reject with tcp reset
        reject with icmpx admin-prohibited
      }
      chain arrival {
        type filter hook prerouting priority -300; policy accept;
        iifname "%1$s" fib daddr type local notrack
      }
      chain input {
        type filter hook input priority -10; policy accept;
        iifname "%1$s" goto refuse
      }
      chain forward {
        type filter hook forward priority -10; policy accept;
        iifname "%1$s" ip daddr %2$s goto refuse
        iifname "%1$s" meta nfproto ipv6 goto refuse
        %4$s
        oifname "%1$s" ct state established,related accept
        oifname "%1$s" drop
      }
      chain out {
        type nat hook postrouting priority 100; policy accept;
        ip saddr %3$s oifname != "%1$s" masquerade
      }
    }
    """
        .formatted(bridge, set(Refused.NETWORKS), subnet, hasClosed ? noOtherBridge() : "");
  }

  /// An engine's containers are behind bridges; a bridge may also be this machine's way out.
  private String noOtherBridge() throws IOException {
    List<String> ways = new ArrayList<>(List.of(bridge));
    Matcher way =
        Pattern.compile("\\bdev (\\S+)")
            .matcher(
                Commands.run(List.of("ip", "-4", "route", "show", "default"), "", Bridge.NEEDS));
    while (way.find()) {
      ways.add(way.group(1));
    }
    return "iifname \"%s\" meta oifkind \"bridge\" oifname != %s goto refuse"
        .formatted(bridge, set(quoted(ways)));
  }

  private static List<String> quoted(List<String> names) {
    return names.stream().distinct().map(name -> '"' + name + '"').toList();
  }

  private static String set(List<String> members) {
    return members.stream().collect(Collectors.joining(", ", "{ ", " }"));
  }

  private static List<Closed> closed() throws IOException {
    List<Closed> closed = new ArrayList<>();
    String family = "";
    String table = "";
    String chain = "";
    for (String line : list("list", "chains").lines().toList()) {
      Matcher isTable = TABLE.matcher(line);
      Matcher isChain = CHAIN.matcher(line);
      if (line.startsWith("table")) {
        family = isTable.matches() ? isTable.group(1) : "";
        table = isTable.matches() ? isTable.group(2) : "";
      } else if (isChain.matches()) {
        chain = isChain.group(1);
      } else if (line.contains(" hook forward ") && line.contains("policy drop")) {
        if (!family.isEmpty()) {
          closed.add(new Closed(family, table, chain));
        }
      }
    }
    return closed;
  }

  /// Takes away what there is of the rules for `bridge`.
  static void remove(String bridge) throws IOException {
    // Adding before deleting makes that no error where there is none.
    StringBuilder rules =
        new StringBuilder("table inet %1$s\ndelete table inet %1$s\n".formatted(bridge));
    for (Closed chain : closed()) {
      for (String handle : handles(chain, bridge)) {
        rules.append("delete rule %s handle %s\n".formatted(chain, handle));
      }
    }
    nft(rules.toString());
  }

  /// The numbers of our rules in the chain of another.
  private static List<String> handles(Closed chain, String bridge) throws IOException {
    return list("-a", "list", "chain", chain.family(), chain.table(), chain.chain())
        .lines()
        .filter(line -> line.contains('"' + bridge + '"'))
        .map(HANDLE::matcher)
        .filter(Matcher::matches)
        .map(handle -> handle.group(1))
        .toList();
  }

  private static String list(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of("nft"));
    line.addAll(List.of(arguments));
    return Commands.run(line, "", Bridge.NEEDS);
  }

  private static void nft(String rules) throws IOException {
    Commands.run(List.of("nft", "-f", "-"), rules, Bridge.NEEDS);
  }
}
