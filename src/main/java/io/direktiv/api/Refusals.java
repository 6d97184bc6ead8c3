package io.direktiv.api;

import io.direktiv.execution.OverloadException;
import io.direktiv.execution.StartException;
import io.direktiv.store.ConflictException;
import io.direktiv.store.StoreBusyException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Turns what other rooms throw into [ApiException]s.
final class Refusals {
  private Refusals() {}

  /// The result of `future`, waiting for it.
  ///
  /// @throws ApiException when it fails
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw of(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopping(e);
    }
  }

  /// The refusal that `cause` means.
  static ApiException of(Throwable cause) {
    return switch (cause) {
      case ApiException refusal -> refusal;
      case ConflictException conflict -> of(conflict);
      case StartException start -> of(start);
      case OverloadException overload -> overloaded(overload);
      case StoreBusyException busy -> overloaded(busy);
      case null, default -> internal(cause);
    };
  }

  private static ApiException overloaded(RuntimeException cause) {
    return with(
        new ApiException(ApiException.Kind.OVERLOADED, "server_overloaded", cause.getMessage()),
        cause);
  }

  static ApiException invalid(String message) {
    return new ApiException(ApiException.Kind.INVALID, "request_data_invalid", message);
  }

  static ApiException absent(String type, String name) {
    return new ApiException(
        ApiException.Kind.NOT_FOUND, "resource_not_found", type + " '" + name + "' does not exist");
  }

  static ApiException tooLarge(String what, long found, long max) {
    return new ApiException(
        ApiException.Kind.TOO_LARGE,
        "request_too_large",
        what + " has " + found + " bytes, but at most " + max + " are allowed");
  }

  static ApiException changed(String workflow) {
    return new ApiException(
        ApiException.Kind.CHANGED,
        "resource_changed",
        "workflow '" + workflow + "' the workflow has already been updated");
  }

  private static ApiException internal(Throwable cause) {
    return with(new ApiException(ApiException.Kind.INTERNAL, "internal", "internal error"), cause);
  }

  private static ApiException stopping(Throwable cause) {
    return with(
        new ApiException(
            ApiException.Kind.OVERLOADED,
            "server_overloaded",
            "the server is stopping; try again later"),
        cause);
  }

  private static ApiException of(ConflictException conflict) {
    String message = conflict.getMessage();
    ApiException refusal =
        switch (conflict.kind()) {
          case EXISTS ->
              new ApiException(ApiException.Kind.EXISTS, "resource_already_exists", message);
          case ABSENT ->
              new ApiException(ApiException.Kind.NOT_FOUND, "resource_not_found", message);
          case CHANGED -> new ApiException(ApiException.Kind.CHANGED, "resource_changed", message);
        };
    return with(refusal, conflict);
  }

  private static ApiException of(StartException start) {
    String message = start.getMessage();
    ApiException refusal =
        switch (start.reason()) {
          case ABSENT ->
              new ApiException(ApiException.Kind.NOT_FOUND, "resource_not_found", message);
          case INACTIVE -> new ApiException(ApiException.Kind.INACTIVE, "resource_state", message);
          case START_TYPE ->
              new ApiException(ApiException.Kind.PRECONDITION, "resource_state", message);
          case KEY_REUSED ->
              new ApiException(ApiException.Kind.KEY_REUSED, "request_key_reused", message);
        };
    return with(refusal, start);
  }

  private static ApiException with(ApiException refusal, Throwable cause) {
    refusal.initCause(cause);
    return refusal;
  }
}
