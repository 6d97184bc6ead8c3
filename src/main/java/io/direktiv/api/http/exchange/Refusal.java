package io.direktiv.api.http.exchange;

import io.direktiv.json.Json;
import java.util.Map;
import java.util.Optional;

/// A request that this door refuses before the API sees it. Carries no stack trace: it is an
/// ordinary answer.
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final String code;
  private final transient Map<String, String> headers;
  private final transient Optional<Json> validation;

  public Refusal(int status, String code, String message) {
    this(status, code, message, Map.of(), Optional.empty());
  }

  public Refusal(
      int status,
      String code,
      String message,
      Map<String, String> headers,
      Optional<Json> validation) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.headers = Map.copyOf(headers);
    this.validation = validation;
  }

  public static Refusal invalid(String message) {
    return new Refusal(400, "request_data_invalid", message);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public Map<String, String> headers() {
    return headers;
  }

  public Optional<Json> validation() {
    return validation;
  }
}
