package io.direktiv.functions.oci.network;

import java.util.List;

/// Addresses that no sandbox reaches, beside those of this machine: the ones at which clouds give
/// their machines credentials.
///
/// Source: the clouds' own manuals.
final class Refused {
  /// IPv4 networks.
  static final List<String> NETWORKS =
      List.of(
          "127.0.0.0/8",
          "169.254.0.0/16",
          "100.100.100.200/32",
          "168.63.129.16/32",
          "192.0.0.0/24");

  private Refused() {}
}
