package io.direktiv.cli;

import io.direktiv.client.Code;
import io.direktiv.client.DirektivV1;
import io.direktiv.client.GrpcException;
import io.direktiv.client.Message;
import io.direktiv.client.MessageStream;
import io.direktiv.client.http2.Deadline;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/// Waits for an instance, whose log it may print, also when the server is started again meanwhile.
final class Waiting {
  private final Session session;
  private final String instance;
  private int linesSeen;

  Waiting(Session session, String instance) {
    this.session = session;
    this.instance = instance;
  }

  /// Waits for the end, prints the output and returns the exit code.
  int run() {
    Thread farewell = new Thread(this::sayWhereItIs, "farewell");
    Runtime.getRuntime().addShutdownHook(farewell);
    Message ending;
    try {
      linesSeen = Integer.MAX_VALUE;
      ending = until(_ -> {});
    } finally {
      removeHook(farewell);
    }
    return report(ending);
  }

  /// Prints the lines of the log until the instance has ended.
  void follow(Consumer<Message> printer) {
    until(printer);
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The program is being stopped, and the hook has its say.
    }
  }

  private void sayWhereItIs() {
    session
        .complaints()
        .own(instance + " goes on; see it with: direkcli instances get " + instance);
  }

  private Message until(Consumer<Message> printer) {
    Deadline giveUp = Deadline.in(Limits.RECONNECT_MAX);
    while (true) {
      int seenBefore = linesSeen;
      long began = System.nanoTime();
      try {
        return read(printer);
      } catch (GrpcException e) {
        boolean wasConnected =
            linesSeen > seenBefore || System.nanoTime() - began > Limits.CONNECTED_AFTER.toNanos();
        giveUp = wasConnected ? Deadline.in(Limits.RECONNECT_MAX) : giveUp;
        boolean isGone = e.code() == Code.UNAVAILABLE || e.code() == Code.CANCELLED;
        if (!isGone || giveUp.leftMillis() == 0) {
          throw new GrpcException(e.code(), sentence(e));
        }
      }
      pause();
    }
  }

  /// The instance's name, and what to do, around what went wrong.
  private String sentence(GrpcException e) {
    if (e.code() == Code.DEADLINE_EXCEEDED) {
      return instance
          + " did not end in time; wait longer with --timeout SECONDS, or see it with: direkcli"
          + " instances get "
          + instance;
    }
    boolean isNamed = e.getMessage().contains(instance);
    return isNamed ? e.getMessage() : e.getMessage() + " (waiting for " + instance + ")";
  }

  private Message read(Consumer<Message> printer) {
    Message request =
        DirektivV1.FOLLOW_LOGS
            .newRequest()
            .set("instance_id", instance)
            .set("offset", linesSeen)
            .set("follow", true);
    try (MessageStream stream = session.stream(DirektivV1.FOLLOW_LOGS, request)) {
      while (true) {
        Message next =
            stream
                .next()
                .orElseThrow(() ->
                    new GrpcException(
                        Code.UNAVAILABLE, "the server stopped before the instance ended"));
        for (Message line : next.messages("lines")) {
          printer.accept(line);
          linesSeen++;
        }
        Optional<Message> ending = next.message("ending");
        if (ending.isPresent()) {
          return ending.get();
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(Limits.RECONNECT_PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GrpcException(Code.CANCELLED, "interrupted");
    }
  }

  private int report(Message ending) {
    Output output = session.output();
    boolean isComplete = ending.text("status").equals("complete");
    if (output.isJson()) {
      output.json(toJson(ending));
    } else if (ending.has("output")) {
      output.line(text(ending));
    }
    if (!isComplete) {
      session.complaints().coded(ending.text("error_code"), ending.text("error_message"));
    }
    return isComplete ? ExitCode.OK : ExitCode.FAILED;
  }

  private Json toJson(Message ending) {
    JsonObject.Builder json =
        JsonObject.builder().put("instanceId", instance).put("status", ending.text("status"));
    if (ending.has("output")) {
      json.put("output", parsed(text(ending)));
    }
    if (!ending.text("error_code").isEmpty()) {
      json.put("errorCode", ending.text("error_code"));
      json.put("errorMessage", ending.text("error_message"));
    }
    return json.build();
  }

  private static String text(Message ending) {
    return new String(ending.bytes("output"), StandardCharsets.UTF_8);
  }

  private static Json parsed(String output) {
    try {
      return Json.parse(output);
    } catch (JsonException _) {
      return Json.of(output);
    }
  }
}
