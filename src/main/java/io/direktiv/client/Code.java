package io.direktiv.client;

/// How a gRPC call ended; the order is the number on the wire, the word is Go's name for it.
public enum Code {
  OK("OK"),
  CANCELLED("Canceled"),
  UNKNOWN("Unknown"),
  INVALID_ARGUMENT("InvalidArgument"),
  DEADLINE_EXCEEDED("DeadlineExceeded"),
  NOT_FOUND("NotFound"),
  ALREADY_EXISTS("AlreadyExists"),
  PERMISSION_DENIED("PermissionDenied"),
  RESOURCE_EXHAUSTED("ResourceExhausted"),
  FAILED_PRECONDITION("FailedPrecondition"),
  ABORTED("Aborted"),
  OUT_OF_RANGE("OutOfRange"),
  UNIMPLEMENTED("Unimplemented"),
  INTERNAL("Internal"),
  UNAVAILABLE("Unavailable"),
  DATA_LOSS("DataLoss"),
  UNAUTHENTICATED("Unauthenticated");

  private static final Code[] ALL = values();

  private final String word;

  Code(String word) {
    this.word = word;
  }

  /// The name as Go's gRPC prints it.
  public String word() {
    return word;
  }

  /// The code with `number` in decimal digits; anything else is [#UNKNOWN].
  static Code of(String number) {
    for (Code code : ALL) {
      if (String.valueOf(code.ordinal()).equals(number)) {
        return code;
      }
    }
    return UNKNOWN;
  }

  /// What a response without `grpc-status` means (gRPC's mapping of HTTP statuses).
  static Code ofHttp(String status) {
    return switch (status) {
      case "400", "431" -> INTERNAL;
      case "401" -> UNAUTHENTICATED;
      case "403" -> PERMISSION_DENIED;
      case "404" -> UNIMPLEMENTED;
      case "429", "502", "503", "504" -> UNAVAILABLE;
      default -> UNKNOWN;
    };
  }
}
