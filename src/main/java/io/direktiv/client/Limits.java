package io.direktiv.client;

/// The limits of what is sent to and taken from a server.
public final class Limits {
  /// The largest message in bytes, twice what an instance's input and output may hold: 64 MiB.
  public static final int MESSAGE_BYTES_MAX = 64 << 20;

  private Limits() {}
}
