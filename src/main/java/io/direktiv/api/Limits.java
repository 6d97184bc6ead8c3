package io.direktiv.api;

/// The limits of what clients may send, the same at every door.
public final class Limits {
  /// The largest input of an instance and the largest event in bytes: 16 MiB.
  public static final int INPUT_BYTES_MAX = 16 << 20;

  /// The largest value of a variable in bytes: 16 MiB.
  public static final int VARIABLE_BYTES_MAX = 16 << 20;

  /// The largest secret in bytes: 1 MiB.
  public static final int SECRET_BYTES_MAX = 1 << 20;

  /// The largest credentials of a registry in bytes: 64 KiB.
  public static final int CREDENTIALS_BYTES_MAX = 64 << 10;

  /// The longest name of a secret or url of a registry in characters.
  public static final int NAME_CHARS_MAX = 256;

  /// The longest `Idempotency-Key` in characters.
  public static final int IDEMPOTENCY_KEY_CHARS_MAX = 256;

  /// The longest MIME type of a variable in characters.
  public static final int MIME_TYPE_CHARS_MAX = 256;

  /// The deepest nesting of JSON that clients may send.
  public static final int JSON_DEPTH_MAX = 1_000;

  /// How many events one batch may hold.
  public static final int EVENT_BATCH_MAX = 1_000;

  /// The page that is returned when the caller names no length.
  public static final int PAGE_DEFAULT = 100;

  /// How often an update without a revision is tried again when others update as well.
  public static final int UPDATE_ATTEMPTS_MAX = 5;

  private Limits() {}
}
