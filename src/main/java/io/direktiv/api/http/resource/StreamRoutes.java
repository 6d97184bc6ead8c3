package io.direktiv.api.http.resource;

import io.direktiv.api.Api;
import io.direktiv.api.ApiException;
import io.direktiv.api.http.exchange.Answer;
import io.direktiv.api.http.exchange.Call;
import io.direktiv.api.http.exchange.EventSink;
import io.direktiv.api.http.exchange.Limits;
import io.direktiv.api.http.exchange.Parameter;
import io.direktiv.api.http.exchange.Refusal;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.api.http.exchange.Waiting;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.execution.Execution;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.store.Page;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Streams of server-sent events: an instance's log, an instance, and the instances of a namespace.
///
/// The store is what is read; what the execution tells only says when to look again. So a stream
/// begins anywhere and has neither gaps nor repetitions.
final class StreamRoutes {
  private static final String STREAM = "text/event-stream";
  private static final int LINES = 500;

  /// The id of the last event; a client that comes back with it is told not to come again.
  private static final String END = "end";

  private static final Parameter WORKFLOW =
      new Parameter("workflow", Parameter.Kind.TEXT, "Only instances of this workflow.");

  private final Waiting waiting;

  StreamRoutes(Waiting waiting) {
    this.waiting = waiting;
  }

  List<Route> routes() {
    return List.of(
        Route.get(
                InstanceRoutes.ONE + "/logs/subscribe",
                "subscribeInstanceLogs",
                "Streams an instance's log from its beginning to the end of the instance.")
            .header("Last-Event-ID", "Goes on after this line.")
            .answers(200, STREAM, "", "Events `log`, then one event `end`.")
            .answers(204, "", "", "The stream was read to its end before.")
            .by(this::logs),
        Route.get(
                InstanceRoutes.ONE + "/subscribe",
                "subscribeInstance",
                "Streams an instance whenever it changes, until it has ended.")
            .header("Last-Event-ID", "Ends the stream at once after its last event.")
            .answers(200, STREAM, "", "Events `instance`, then one event `end`.")
            .answers(204, "", "", "The stream was read to its end before.")
            .by(this::instance),
        Route.get(
                InstanceRoutes.ALL + "/subscribe",
                "subscribeInstances",
                "Streams changes of a namespace's instances from now on.")
            .query(WORKFLOW)
            .answers(200, STREAM, "", "One event `ready`, then events `instance`.")
            .by(this::instances));
  }

  private Answer logs(Call call) {
    Optional<String> last = call.header("Last-Event-ID");
    if (last.equals(Optional.of(END))) {
      return Answer.nothing();
    }
    int from = last.map(StreamRoutes::following).orElse(0);
    Instance instance = call.api().instance(call.instance());
    return new Answer.Events(Map.of(), sink -> writeLogs(call, instance.id(), from, sink));
  }

  private static int following(String lastId) {
    try {
      return Math.addExact(Math.max(-1, Integer.parseInt(lastId)), 1);
    } catch (NumberFormatException | ArithmeticException _) {
      throw Refusal.invalid(
          "the header Last-Event-ID must be the id of an event of this stream, but it is '"
              + Answer.headerText(lastId)
              + "'");
    }
  }

  private void writeLogs(Call call, InstanceId id, int from, EventSink sink)
      throws IOException, InterruptedException {
    Api api = call.api();
    int next = from;
    try (Waiting.Signal signal = waiting.signal();
        Follower follower = new Follower(api, id, signal)) {
      while (!waiting.isStopping()) {
        boolean isOver = follower.isOver();
        List<LogLine> lines = api.logs(id, new Page(next, LINES)).items();
        for (LogLine line : lines) {
          sink.event("log", Integer.toString(next++), Shapes.logLine(line));
        }
        if (lines.isEmpty() && isOver) {
          sink.event("end", END, ended(find(api, id)));
          return;
        }
        if (lines.size() < LINES && !isOver) {
          rest(call, sink, signal, Limits.POLL);
        }
      }
    }
  }

  /// Waits for the signal; a caller whose token has ended meanwhile gets no more events.
  private static void rest(Call call, EventSink sink, Waiting.Signal signal, Duration atMost)
      throws IOException, InterruptedException {
    sink.flush();
    long end = System.nanoTime() + atMost.toNanos();
    boolean isSignalled = false;
    for (long left = atMost.toNanos(); left > 0 && !isSignalled; left = end - System.nanoTime()) {
      sink.heartbeat();
      isSignalled = signal.await(Duration.ofNanos(Math.min(left, Limits.ADMISSION.toNanos())));
      call.requireAdmission();
    }
  }

  /// Empty when it was deleted while it was watched.
  static Optional<Instance> find(Api api, InstanceId id) {
    try {
      return Optional.of(api.instance(id));
    } catch (ApiException e) {
      if (e.kind() == ApiException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  static boolean isOver(Optional<Instance> instance) {
    return instance.flatMap(Instance::ending).isPresent() || instance.isEmpty();
  }

  private static Json ended(Optional<Instance> instance) {
    String status = instance.map(found -> found.status().word()).orElse("deleted");
    return JsonObject.of("status", Json.of(status));
  }

  private Answer instance(Call call) {
    if (call.header("Last-Event-ID").equals(Optional.of(END))) {
      return Answer.nothing();
    }
    Instance instance = call.api().instance(call.instance());
    return new Answer.Events(Map.of(), sink -> writeInstance(call, instance.id(), sink));
  }

  private void writeInstance(Call call, InstanceId id, EventSink sink)
      throws IOException, InterruptedException {
    Api api = call.api();
    Json shown = Json.NULL;
    try (Waiting.Signal signal = waiting.signal();
        Follower _ = new Follower(api, id, signal)) {
      while (!waiting.isStopping()) {
        Optional<Instance> instance = find(api, id);
        Json now = instance.<Json>map(Shapes::instance).orElse(Json.NULL);
        if (!now.equals(shown) && instance.isPresent()) {
          sink.event("instance", "", now);
        }
        shown = now;
        if (isOver(instance)) {
          sink.event("end", END, ended(instance));
          return;
        }
        rest(call, sink, signal, Limits.LOOK);
      }
    }
  }

  private Answer instances(Call call) {
    call.api().namespace(call.namespace());
    Optional<String> workflow = call.query("workflow");
    return new Answer.Events(Map.of(), sink -> writeInstances(call, workflow, sink));
  }

  private void writeInstances(Call call, Optional<String> workflow, EventSink sink)
      throws IOException, InterruptedException {
    try (Waiting.Signal signal = waiting.signal();
        Changes changes = new Changes(workflow, signal);
        Execution.Watch _ = call.api().watch(call.namespace(), changes)) {
      sink.event("ready", "", JsonObject.EMPTY);
      while (!waiting.isStopping()) {
        for (Execution.Change change : changes.take()) {
          sink.event("instance", "", Shapes.change(change));
        }
        if (changes.isOverflown()) {
          sink.event("lost", "", Json.of("the client reads too slowly; list and subscribe again"));
          return;
        }
        rest(call, sink, signal, Limits.LOOK);
      }
    }
  }
}
