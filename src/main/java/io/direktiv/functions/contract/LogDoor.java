package io.direktiv.functions.contract;

import io.direktiv.functions.OutputLines;
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

/// Listens at `127.0.0.1:8889` in a sandbox for what its function logs (reference 1.4): `POST
/// /log?aid=ID` with a text, or `GET /log?aid=ID&log=TEXT`.
///
/// Whoever runs in the sandbox may be hostile, so connections, their bytes and their time are
/// bounded; how much a call may log, [CallLog] bounds.
public final class LogDoor implements AutoCloseable {
  private static final int BODY_BYTES_MAX = 4 << 20;
  private static final int CONNECTIONS_MAX = 16;
  private static final int SECONDS_MAX = 30;

  private final ServerSocketChannel server;
  private final Function<String, Optional<CallLog>> logs;
  private final Semaphore places = new Semaphore(CONNECTIONS_MAX);

  private LogDoor(ServerSocketChannel server, Function<String, Optional<CallLog>> logs) {
    this.server = server;
    this.logs = logs;
  }

  /// Opens the door at `server`.
  ///
  /// @param logs finds the log of a call that the sandbox serves by the call's id
  public static LogDoor open(ServerSocketChannel server, Function<String, Optional<CallLog>> logs) {
    LogDoor door = new LogDoor(server, logs);
    Thread.ofVirtual().name("log-door").start(door::accept);
    return door;
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
      // The door was closed.
    }
  }

  private void serve(HttpConnection connection) {
    Thread timer = Thread.ofVirtual().start(() -> closeLater(connection));
    try (connection) {
      HttpConnection.Message head = connection.readHead();
      byte[] body = connection.readBody(head, BODY_BYTES_MAX);
      String answer = answer(head, body);
      connection.write("HTTP/1.1 " + answer + "\r\n", new byte[0]);
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

  private String answer(HttpConnection.Message head, byte[] body) {
    String[] target = head.first().length < 2 ? new String[] {""} : head.first()[1].split("\\?", 2);
    Map<String, String> query = query(target.length < 2 ? "" : target[1]);
    Optional<CallLog> log = logs.apply(query.getOrDefault("aid", ""));
    if (!target[0].equals("/log") || log.isEmpty()) {
      return "404 Not Found";
    }
    switch (head.first()[0]) {
      case "POST" -> say(log.get(), body);
      case "GET" -> say(log.get(), query.getOrDefault("log", "").getBytes(StandardCharsets.UTF_8));
      default -> {
        return "405 Method Not Allowed";
      }
    }
    return "200 OK";
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
