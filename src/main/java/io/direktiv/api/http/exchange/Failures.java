package io.direktiv.api.http.exchange;

import static io.direktiv.telemetry.Keys.ERROR;

import io.direktiv.api.ApiException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Diagnostic;
import io.direktiv.model.InvalidWorkflowException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns whatever goes wrong into the one shape of errors: `{"error": {"code", "message",
/// "validation"?}}` (reference 2.9).
public final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  public static Answer.Content of(Throwable failure) {
    return switch (failure) {
      case Refusal refusal ->
          answer(
              refusal.status(),
              refusal.code(),
              refusal.getMessage(),
              refusal.validation(),
              refusal.headers());
      case ApiException refusal -> of(refusal);
      default -> internal(failure);
    };
  }

  private static Answer.Content of(ApiException refusal) {
    int status = status(refusal.kind());
    if (status == 500) {
      return internal(refusal.getCause() == null ? refusal : refusal.getCause());
    }
    return answer(
        status,
        refusal.code(),
        refusal.getMessage(),
        refusal.getCause() instanceof InvalidWorkflowException invalid
            ? Optional.of(diagnostics(invalid.diagnostics()))
            : Optional.empty(),
        headers(refusal.kind()));
  }

  public static Answer.Content answer(int status, String code, String message) {
    return answer(status, code, message, Optional.empty(), Map.of());
  }

  private static Answer.Content answer(
      int status,
      String code,
      String message,
      Optional<Json> validation,
      Map<String, String> headers) {
    JsonObject.Builder error = JsonObject.builder().put("code", code).put("message", message);
    validation.ifPresent(problems -> error.put("validation", problems));
    byte[] body = JsonObject.of("error", error.build()).toBytes();
    return new Answer.Content(status, Answer.JSON, body, headers);
  }

  /// Problems of a definition as clients see them.
  public static JsonArray diagnostics(List<Diagnostic> diagnostics) {
    return JsonArray.of(diagnostics.stream().<Json>map(Failures::diagnostic).toList());
  }

  private static JsonObject diagnostic(Diagnostic diagnostic) {
    return JsonObject.builder()
        .put("line", diagnostic.place().line())
        .put("column", diagnostic.place().column())
        .put("severity", diagnostic.isError() ? "error" : "warning")
        .put("message", diagnostic.message())
        .build();
  }

  private static int status(ApiException.Kind kind) {
    return switch (kind) {
      case INVALID -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case EXISTS, CHANGED, PRECONDITION, INACTIVE -> 409;
      case TOO_LARGE -> 413;
      case KEY_REUSED -> 422;
      case OVERLOADED -> 503;
      case INTERNAL -> 500;
    };
  }

  private static Map<String, String> headers(ApiException.Kind kind) {
    return switch (kind) {
      case UNAUTHENTICATED -> Map.of("WWW-Authenticate", "Bearer realm=\"direktiv\"");
      case OVERLOADED -> Map.of("Retry-After", "1");
      case INVALID,
          FORBIDDEN,
          NOT_FOUND,
          EXISTS,
          CHANGED,
          PRECONDITION,
          INACTIVE,
          TOO_LARGE,
          KEY_REUSED,
          INTERNAL ->
          Map.of();
    };
  }

  private static Answer.Content internal(Throwable failure) {
    LOG.atError().addKeyValue(ERROR, failure.toString()).setCause(failure).log("request failed");
    return answer(500, "internal", "internal error; the server's log has the reason");
  }
}
