package io.direktiv.client.http2;

/// The limits of what a server may make this client hold.
final class Limits {
  /// The largest payload of a frame in bytes, the smallest that the protocol allows: 16 KiB.
  static final int FRAME_BYTES_MAX = 16_384;

  /// The largest compressed header block in bytes: 64 KiB.
  static final int HEADER_BLOCK_BYTES_MAX = 64 << 10;

  /// How many CONTINUATION frames a header block may have.
  static final int CONTINUATIONS_MAX = 32;

  /// The largest header list in bytes as RFC 7541 counts them: 64 KiB.
  static final int HEADER_LIST_BYTES_MAX = 64 << 10;

  /// The dynamic table of received headers in bytes, the protocol's default: 4 KiB.
  static final int HEADER_TABLE_BYTES_MAX = 4_096;

  /// How much of a response may be under way before the caller has read it: 1 MiB.
  static final int WINDOW_BYTES = 1 << 20;

  /// The window that both sides begin with (RFC 9113, section 6.9.2).
  static final int WINDOW_BYTES_INITIAL = 65_535;

  private Limits() {}
}
