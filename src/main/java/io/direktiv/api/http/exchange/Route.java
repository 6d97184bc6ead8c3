package io.direktiv.api.http.exchange;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One operation of the door: how it is reached, what it says about itself, and what it does.
///
/// @param path a template such as `/api/v2/namespaces/{namespace}`
/// @param operation its name in the OpenAPI document
/// @param parameters the query parameters it knows
/// @param headers the request headers it knows, beside those of HTTP
/// @param replies what it answers when all is well, and refusals of its own
/// @param guard who may call
public record Route(
    String method,
    String path,
    String operation,
    String summary,
    List<Parameter> parameters,
    List<Parameter> headers,
    Optional<Body> body,
    List<Reply> replies,
    Guard guard,
    Handler handler) {
  /// Does what a route is for.
  public interface Handler {
    Answer handle(Call call) throws IOException, InterruptedException;
  }

  /// Who may call a route.
  public enum Guard {
    /// Everybody, also without a token.
    NOBODY,
    /// Any valid token.
    CALLER,
    /// A token that opens the path's namespace.
    NAMESPACE,
    /// A token for the whole server.
    SERVER
  }

  /// What a route reads.
  ///
  /// @param types media types it accepts; `*/*` for any
  /// @param schema name of the schema of a JSON body; empty for other bodies
  /// @param bytesMax the longest body
  public record Body(List<String> types, String schema, int bytesMax, boolean isRequired) {
    public static Body json(String schema, int bytesMax) {
      return new Body(List.of(Answer.JSON), schema, bytesMax, true);
    }
  }

  /// What a route answers.
  ///
  /// @param type media type; empty when there is no body
  /// @param schema name of the schema of a JSON body; empty for other bodies
  public record Reply(int status, String type, String schema, String description) {}

  /// A route that is being described.
  public static final class Builder {
    private final String method;
    private final String path;
    private final String operation;
    private final String summary;
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Parameter> headers = new ArrayList<>();
    private Optional<Body> body = Optional.empty();
    private final List<Reply> replies = new ArrayList<>();
    private Guard guard = Guard.NAMESPACE;

    public Builder(String method, String path, String operation, String summary) {
      this.method = method;
      this.path = path;
      this.operation = operation;
      this.summary = summary;
    }

    public Builder query(Parameter... known) {
      parameters.addAll(List.of(known));
      return this;
    }

    public Builder paged() {
      return query(Parameter.LIMIT, Parameter.OFFSET);
    }

    public Builder header(String name, String description) {
      headers.add(new Parameter(name, Parameter.Kind.TEXT, description));
      return this;
    }

    public Builder reads(Body read) {
      body = Optional.of(read);
      return this;
    }

    /// Answers with JSON of the named schema.
    public Builder answers(int status, String schema) {
      return answers(status, Answer.JSON, schema, "The result.");
    }

    public Builder answers(int status, String type, String schema, String description) {
      replies.add(new Reply(status, type, schema, description));
      return this;
    }

    public Builder answersNothing() {
      return answers(204, "", "", "Done.");
    }

    /// May refuse with `status` in addition to what every route may.
    public Builder refuses(int status, String description) {
      return answers(status, Answer.JSON, "Error", description);
    }

    public Builder guarded(Guard by) {
      guard = by;
      return this;
    }

    public Route by(Handler handler) {
      return new Route(
          method,
          path,
          operation,
          summary,
          List.copyOf(parameters),
          List.copyOf(headers),
          body,
          List.copyOf(replies),
          guard,
          handler);
    }
  }

  public static Builder get(String path, String operation, String summary) {
    return new Builder("GET", path, operation, summary);
  }

  public static Builder post(String path, String operation, String summary) {
    return new Builder("POST", path, operation, summary);
  }

  public static Builder put(String path, String operation, String summary) {
    return new Builder("PUT", path, operation, summary);
  }

  public static Builder patch(String path, String operation, String summary) {
    return new Builder("PATCH", path, operation, summary);
  }

  public static Builder delete(String path, String operation, String summary) {
    return new Builder("DELETE", path, operation, summary);
  }
}
