package io.direktiv.secrets;

/// The sizes of keys and what is sealed with them.
final class Limits {
  /// AES-256.
  static final int KEY_BYTES = 32;

  /// The nonce of GCM.
  static final int NONCE_BYTES = 12;

  /// The authentication tag of GCM.
  static final int TAG_BITS = 128;

  private Limits() {}
}
