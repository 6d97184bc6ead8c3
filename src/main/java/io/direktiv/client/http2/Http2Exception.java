package io.direktiv.client.http2;

/// A request that got no whole response.
public final class Http2Exception extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Kind kind;
  private final ErrorCode code;

  Http2Exception(Kind kind, ErrorCode code, String message) {
    super(message);
    this.kind = kind;
    this.code = code;
  }

  /// The peer broke the protocol; the connection ends with `code`.
  static Http2Exception protocol(ErrorCode code, String message) {
    return new Http2Exception(Kind.PROTOCOL, code, message);
  }

  /// What kind of failure it is.
  public Kind kind() {
    return kind;
  }

  /// The reason that was given by whoever ended it.
  public ErrorCode code() {
    return code;
  }

  /// Kinds of failure.
  public enum Kind {
    /// Nobody listens at the address.
    REFUSED,
    /// The address has no meaning or cannot be reached.
    UNREACHABLE,
    /// Somebody listens, but does not speak HTTP/2.
    NOT_HTTP2,
    /// The connection broke or was closed before the response was whole.
    LOST,
    /// The server ended the stream.
    RESET,
    /// The time was over.
    TIMEOUT,
    /// The server broke the protocol.
    PROTOCOL
  }
}
