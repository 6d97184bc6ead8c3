package io.direktiv.api.grpc;

import static io.direktiv.telemetry.Keys.ERROR;

import io.direktiv.api.ApiException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns refusals into gRPC statuses (reference 1.5, "Error mapping").
final class Statuses {
  private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);

  /// The longest description in bytes as they are sent. Clients accept 8 KiB of headers in all by
  /// default and lose the whole status when there are more.
  static final int DESCRIPTION_BYTES_MAX = 6_000;

  /// What callers are told that wait while the server stops.
  static final Status STOPPING =
      Status.UNAVAILABLE.withDescription("the server is stopping; try again later");

  private Statuses() {}

  /// The status of what a call threw; a defect of ours is logged and told without details.
  static StatusRuntimeException of(Throwable failure) {
    return switch (failure) {
      case StatusRuntimeException known -> known;
      case ApiException refusal when refusal.kind() != ApiException.Kind.INTERNAL ->
          status(refusal.kind())
              .withDescription(shortened(refusal.getMessage()))
              .asRuntimeException();
      default -> {
        LOG.atError()
            .addKeyValue(ERROR, failure.getClass().getSimpleName())
            .setCause(failure)
            .log("a gRPC call failed");
        yield Status.INTERNAL.withDescription("internal error").asRuntimeException();
      }
    };
  }

  /// A refusal of something that is wrong in itself.
  static StatusRuntimeException invalid(String message) {
    return Status.INVALID_ARGUMENT.withDescription(shortened(message)).asRuntimeException();
  }

  private static Status status(ApiException.Kind kind) {
    return switch (kind) {
      case INVALID, INACTIVE, TOO_LARGE -> Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case EXISTS, CHANGED -> Status.ALREADY_EXISTS;
      case PRECONDITION, KEY_REUSED -> Status.FAILED_PRECONDITION;
      case OVERLOADED -> Status.RESOURCE_EXHAUSTED;
      case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
      case FORBIDDEN -> Status.PERMISSION_DENIED;
      case INTERNAL -> Status.INTERNAL;
    };
  }

  /// `message`, or as much of its beginning as a status can carry.
  static String shortened(String message) {
    int bytes = 0;
    int at = 0;
    while (at < message.length()) {
      int c = message.codePointAt(at);
      bytes += sentBytes(c);
      if (bytes > DESCRIPTION_BYTES_MAX) {
        return cut(message, at);
      }
      at += Character.charCount(c);
    }
    return message;
  }

  /// Cuts between lines where there are several, since each line is a problem.
  private static String cut(String message, int at) {
    int line = message.lastIndexOf('\n', at);
    if (line <= 0) {
      return message.substring(0, at) + "…";
    }
    long more = message.substring(line + 1).lines().count();
    return message.substring(0, line) + "\n… and " + more + " more";
  }

  /// gRPC sends what is not printable ASCII percent-encoded.
  private static int sentBytes(int c) {
    if (c >= ' ' && c <= '~' && c != '%') {
      return 1;
    }
    return 3 * Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
  }
}
