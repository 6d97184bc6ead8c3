package io.direktiv.functions.image.registry;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The addresses that begin with the same bits (RFC 4632, RFC 4291): `10.0.0.0/8`, `fd00::/8`.
record Network(InetAddress address, int bits) {
  private static final Pattern FORM = Pattern.compile("([0-9a-fA-F.:]+)/(\\d{1,3})");

  /// The network that `text` is; empty when it is none.
  static Optional<Network> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(matcher.group(2));
    return literal(matcher.group(1))
        .filter(address -> bits <= bits(address))
        .map(address -> new Network(address, bits));
  }

  /// The address that `host` is; empty for a name, which is not looked up.
  static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static int bits(InetAddress address) {
    return address.getAddress().length * Byte.SIZE;
  }

  /// True when `other` lies in it.
  boolean holds(InetAddress other) {
    return bits(other) == bits(address) && beginning(other).equals(beginning(address));
  }

  private BigInteger beginning(InetAddress of) {
    return new BigInteger(1, of.getAddress()).shiftRight(bits(of) - bits);
  }
}
