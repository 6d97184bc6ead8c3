package io.direktiv.api;

/// A request that cannot be fulfilled.
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Kind kind;
  private final String code;

  /// A refusal of `kind` with the machine-readable `code` of reference 2.9 and a sentence.
  public ApiException(Kind kind, String code, String message) {
    super(message);
    this.kind = kind;
    this.code = code;
  }

  /// What kind of refusal it is.
  public Kind kind() {
    return kind;
  }

  /// The machine-readable code, such as `resource_not_found`.
  public String code() {
    return code;
  }

  /// Kinds of refusal; each door maps them to its status codes.
  public enum Kind {
    INVALID,
    NOT_FOUND,
    EXISTS,
    /// The thing was changed meanwhile.
    CHANGED,
    /// The state of the thing does not allow it.
    PRECONDITION,
    /// The workflow was switched off; apart from [#PRECONDITION] for the sake of gRPC's clients.
    INACTIVE,
    /// An `Idempotency-Key` was used with another body.
    KEY_REUSED,
    TOO_LARGE,
    OVERLOADED,
    UNAUTHENTICATED,
    FORBIDDEN,
    INTERNAL
  }
}
