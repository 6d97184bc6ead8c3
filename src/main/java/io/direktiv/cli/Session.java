package io.direktiv.cli;

import io.direktiv.client.Code;
import io.direktiv.client.Endpoint;
import io.direktiv.client.GrpcClient;
import io.direktiv.client.GrpcException;
import io.direktiv.client.Message;
import io.direktiv.client.MessageStream;
import io.direktiv.client.Method;
import io.direktiv.client.http2.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// One run of the program: what the options say, the server, and where results go.
final class Session implements AutoCloseable {
  private final Io io;
  private final GlobalOptions options;
  private final Inputs inputs;
  private Output output;
  private GrpcClient client;

  /// A run with options that are not parsed yet.
  Session(Io io, GlobalOptions options) {
    this.io = io;
    this.options = options;
    this.inputs = new Inputs(io.in());
  }

  /// Where results go.
  Output output() {
    if (output == null) {
      output = new Output(io.out(), options.isJson());
    }
    return output;
  }

  /// Where the user reads what is no result.
  Complaints complaints() {
    return new Complaints(io.err(), options.isJson());
  }

  /// The bytes of a file, see [Inputs#read].
  byte[] read(String file, String what) {
    return inputs.read(file, what);
  }

  /// Calls a method within the time for a command.
  Message call(Method method, Message request) {
    return client().call(method, request, Deadline.in(timeout()));
  }

  /// Calls a method that answers several times, within the time that the user gave, else for ever.
  MessageStream stream(Method method, Message request) {
    return client().stream(method, request, patience());
  }

  /// When a command that waits stops to do so: when `--timeout` says, else never.
  Deadline patience() {
    return options.timeout().map(Deadline::in).orElse(Deadline.NEVER);
  }

  private Duration timeout() {
    return options.timeout().orElse(Limits.TIMEOUT_DEFAULT);
  }

  private GrpcClient client() {
    if (client == null) {
      client = new GrpcClient(endpoint(), token(), timeout());
    }
    return client;
  }

  private Endpoint endpoint() {
    String text =
        options
            .grpc()
            .or(() -> Optional.ofNullable(io.environment().get("DIREKTIV_GRPC")))
            .filter(given -> !given.isBlank())
            .orElse("127.0.0.1:" + Endpoint.PORT_DEFAULT);
    try {
      return Endpoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw UserException.usage(e.getMessage());
    }
  }

  private Optional<String> token() {
    Optional<String> token =
        options
            .token()
            .or(() -> options.tokenFile().map(this::tokenOf))
            .or(() -> variable("DIREKTIV_TOKEN"))
            .or(() -> variable("DIREKTIV_TOKEN_FILE").map(this::tokenOf));
    token.ifPresent(Session::requirePlain);
    return token;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(io.environment().get(name)).filter(value -> !value.isBlank());
  }

  private String tokenOf(String file) {
    return new String(read(file, "the token file"), StandardCharsets.UTF_8).strip();
  }

  private static void requirePlain(String token) {
    boolean isPlain = !token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 127);
    if (!isPlain) {
      throw new GrpcException(
          Code.UNAUTHENTICATED, "the token is empty or has characters that no token has");
    }
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
