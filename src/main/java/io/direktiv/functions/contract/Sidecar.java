package io.direktiv.functions.contract;

import io.direktiv.engine.Effect;
import io.direktiv.functions.FunctionVariables;
import io.direktiv.functions.OutputLines;
import io.direktiv.model.Names;
import io.direktiv.model.VariableScope;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Listens at `127.0.0.1:8889` in a sandbox for what its function says and asks during a call
/// (reference 1.4):
///
/// ```
///   POST /log?aid=ID          a text for the log of the call; or GET with &log=TEXT
///   GET  /var?aid=ID&scope=SCOPE&key=KEY    a variable, empty when there is none
///   POST the same             writes it, at once; without a body it deletes it
/// ```
///
/// Whoever runs in the sandbox may be hostile, so connections, their bytes and their time are
/// bounded; how much a call may log, [CallLog] bounds.
public final class Sidecar implements AutoCloseable {
  private static final int LOG_BYTES_MAX = 4 << 20;
  private static final String MIME_TYPE = "application/octet-stream";
  private static final int CONNECTIONS_MAX = 16;
  private static final int SECONDS_MAX = 30;

  private final ServerSocketChannel server;
  private final Function<String, Optional<Call>> calls;
  private final Semaphore places = new Semaphore(CONNECTIONS_MAX);

  /// A call that is being served.
  public record Call(CallLog log, FunctionVariables variables) {}

  /// An answer.
  private record Answer(String status, byte[] body) {
    static Answer of(String status) {
      return new Answer(status, new byte[0]);
    }

    static Answer because(String status, String reason) {
      return new Answer(status, (reason + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private Sidecar(ServerSocketChannel server, Function<String, Optional<Call>> calls) {
    this.server = server;
    this.calls = calls;
  }

  /// Begins to serve at `server`.
  ///
  /// @param calls finds a call that the sandbox serves by its id
  public static Sidecar open(ServerSocketChannel server, Function<String, Optional<Call>> calls) {
    Sidecar sidecar = new Sidecar(server, calls);
    Thread.ofVirtual().name("sidecar").start(sidecar::accept);
    return sidecar;
  }

  private void accept() {
    try {
      while (true) {
        HttpConnection connection = new HttpConnection(server.accept());
        if (places.tryAcquire()) {
          Thread.ofVirtual().start(() -> serve(connection));
        } else {
          connection.close();
        }
      }
    } catch (IOException _) {
      // It was closed.
    }
  }

  private void serve(HttpConnection connection) {
    Thread timer = Thread.ofVirtual().start(() -> closeLater(connection));
    try (connection) {
      Answer answer = answer(connection);
      connection.write("HTTP/1.1 " + answer.status() + "\r\n", answer.body());
    } catch (IOException _) {
      // Nobody is owed an answer.
    } finally {
      timer.interrupt();
      places.release();
    }
  }

  private static void closeLater(HttpConnection connection) {
    try {
      TimeUnit.SECONDS.sleep(SECONDS_MAX);
      connection.close();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer answer(HttpConnection connection) throws IOException {
    HttpConnection.Message head = connection.readHead();
    String[] target = head.first().length < 2 ? new String[] {""} : head.first()[1].split("\\?", 2);
    Map<String, String> query = query(target.length < 2 ? "" : target[1]);
    Optional<Call> call = calls.apply(query.getOrDefault("aid", ""));
    boolean isVariable = target[0].equals("/var");
    if (call.isEmpty() || !(isVariable || target[0].equals("/log"))) {
      return Answer.because("404 Not Found", "no call has this aid, or no service this path");
    }
    String method = head.first()[0];
    if (!method.equals("GET") && !method.equals("POST")) {
      return Answer.of("405 Method Not Allowed");
    }
    int most = isVariable ? FunctionVariables.BYTES_MAX : LOG_BYTES_MAX;
    try {
      byte[] body = connection.readBody(head, most);
      return isVariable
          ? variable(call.get().variables(), method.equals("GET"), query, body)
          : logged(call.get().log(), method.equals("GET"), query, body);
    } catch (HttpConnection.TooLargeException _) {
      return Answer.because("413 Content Too Large", "at most " + most + " bytes");
    }
  }

  private static Answer logged(CallLog log, boolean isGet, Map<String, String> query, byte[] body) {
    say(log, isGet ? query.getOrDefault("log", "").getBytes(StandardCharsets.UTF_8) : body);
    return Answer.of("200 OK");
  }

  private static Answer variable(
      FunctionVariables variables, boolean isGet, Map<String, String> query, byte[] body) {
    Optional<VariableScope> scope = VariableScope.of(query.getOrDefault("scope", "instance"));
    String key = query.getOrDefault("key", "");
    if (scope.isEmpty()) {
      return Answer.because("400 Bad Request", "scope is namespace, workflow or instance");
    }
    if (!Names.VARIABLE.matcher(key).matches()) {
      return Answer.because("400 Bad Request", "key must match regex: " + Names.VARIABLE.pattern());
    }
    if (isGet) {
      return new Answer("200 OK", variables.read(scope.get(), key).orElse(new byte[0]));
    }
    Optional<byte[]> value = body.length == 0 ? Optional.empty() : Optional.of(body);
    boolean isWritten = variables.write(new Effect.SetVariable(scope.get(), key, value, MIME_TYPE));
    return isWritten
        ? Answer.of("200 OK")
        : Answer.because(
            "503 Service Unavailable", "it cannot be written now, or the call is over");
  }

  private static void say(CallLog log, byte[] text) {
    OutputLines lines = new OutputLines(line -> log.line(false, line));
    lines.write(text, 0, text.length);
    lines.flush();
  }

  private static Map<String, String> query(String text) {
    Map<String, String> query = new HashMap<>();
    for (String pair : text.split("&")) {
      String[] parts = pair.split("=", 2);
      try {
        query.put(
            parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      } catch (IllegalArgumentException _) {
        query.put(parts[0], parts[1]);
      }
    }
    return query;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException _) {
      // It goes with the sandbox.
    }
  }
}
