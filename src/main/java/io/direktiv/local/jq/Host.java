package io.direktiv.local.jq;

import io.direktiv.jq.QueryException;
import io.direktiv.jq.QueryHost;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.json.texts.JsonTextException;
import java.util.Optional;
import java.util.TreeMap;

/// What a program on the command line may know of the world: the inputs, the environment, its
/// arguments and stderr.
final class Host implements QueryHost {
  private final JqOptions options;
  private final Io io;
  private final Source source;
  private final Inputs inputs;
  private final Sink out;
  private final Sink err;
  private JsonObject environment;

  Host(JqOptions options, Io io, Source source, Inputs inputs, Sink out, Sink err) {
    this.options = options;
    this.io = io;
    this.source = source;
    this.inputs = inputs;
    this.out = out;
    this.err = err;
  }

  @Override
  public Optional<Json> input() {
    try {
      return Optional.ofNullable(inputs.next());
    } catch (JsonTextException e) {
      throw new QueryException(e.getMessage(), Json.of(e.getMessage()));
    }
  }

  @Override
  public JsonObject environment() {
    if (environment == null) {
      environment = environment(io);
    }
    return environment;
  }

  static JsonObject environment(Io io) {
    JsonObject.Builder variables = JsonObject.builder();
    new TreeMap<>(io.environment()).forEach(variables::put);
    return variables.build();
  }

  @Override
  public Json variable(String name) {
    if (name.equals("ARGS")) {
      return options.arguments();
    }
    Json named = options.named().get(name);
    return named == null ? Json.of(Help.configuration()) : named;
  }

  @Override
  public void debug(Json message) {
    out.flush();
    new Printer(err, options.writing().style().compact()).print(message);
    err.put('\n');
    err.flush();
  }

  @Override
  public void stderr(Json value) {
    out.flush();
    print(value);
    err.flush();
  }

  /// Writes what `halt_error` says: a string as it is, nothing for null.
  void last(Json value) {
    out.flush();
    if (value == Json.NULL) {
      return;
    }
    print(value);
    if (!(value instanceof JsonString)) {
      err.put('\n');
    }
    err.flush();
  }

  private void print(Json value) {
    if (value instanceof JsonString string) {
      err.text(string.value());
    } else {
      new Printer(err, Style.COMPACT).print(value);
    }
  }

  @Override
  public Json inputFilename() {
    return source.filename();
  }

  @Override
  public long inputLineNumber() {
    return source.line();
  }
}
