package io.direktiv.functions.docker;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Attendant;
import io.direktiv.functions.Exit;
import io.direktiv.functions.OutputLines;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.reach.Inside;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of one container.
///
/// ```
///   perform: create ─▶ put files ─▶ attach ─▶ start ─▶ read output ─▶ look at its end ─▶ get files
///   guard (beside it, from the start on): stop or deadline ─▶ TERM ─▶ grace ─▶ KILL
///   at every end: remove, off the caller's way
/// ```
///
/// The end of the output comes before the engine knows the end of the process, so the engine is
/// asked until it does; Podman's own `wait` polls and is slower.
final class ContainerRun {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerRun.class);
  private static final int KILLED = 137;
  private static final Map<Integer, Integer> SIGNALS =
      Map.of(132, 4, 134, 6, 135, 7, 136, 8, KILLED, 9, 139, 11, 143, 15);

  private final EngineClient engine;
  private final Sandbox sandbox;
  private final Attendant attendant;
  private final Owner owner;
  private final Duration grace;
  private final ExecutorService threads;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean isTimedOut;
  private volatile boolean isAbandoned;
  private volatile Duration patience;
  private volatile Inside inside = Inside.closed("it has not begun");
  private volatile MemoryWatch memory = MemoryWatch.blind();

  ContainerRun(
      EngineClient engine,
      Sandbox sandbox,
      Attendant attendant,
      Owner owner,
      Duration grace,
      ExecutorService threads) {
    this.engine = engine;
    this.sandbox = sandbox;
    this.attendant = attendant;
    this.owner = owner;
    this.grace = grace;
    this.threads = threads;
    this.patience = grace;
  }

  /// Completes when the sandbox is to stop.
  CompletableFuture<Void> stopped() {
    return stopped;
  }

  /// Asks the sandbox to end, and kills it after the grace period.
  void stop() {
    stopped.complete(null);
  }

  /// Ends the sandbox without grace.
  void kill() {
    patience = Duration.ZERO;
    stop();
  }

  /// Makes the container, waits for its end and reads what it left.
  SandboxEnd perform() throws IOException, SandboxException {
    if (stopped.isDone()) {
      return SandboxEnd.of(new Exit.Stopped());
    }
    String id = create();
    try {
      return perform(id);
    } finally {
      ended.complete(null);
      removeLater(id);
    }
  }

  private SandboxEnd perform(String id) throws IOException, SandboxException {
    ContainerFiles files = new ContainerFiles(engine, id, sandbox);
    files.put();
    Duration longest = sandbox.limits().time().plus(grace).plus(Limits.KILL_TIME);
    try (Answer stream = attach(id, longest)) {
      if (stopped.isDone()) {
        return SandboxEnd.of(new Exit.Stopped());
      }
      start(id);
      Thread.ofVirtual().name("guard-" + sandbox.id()).start(() -> guard(id));
      if (hasInput()) {
        Thread.ofVirtual().name("input-" + sandbox.id()).start(() -> writeInput(stream));
      }
      Thread.ofVirtual().name("begin-" + sandbox.id()).start(() -> begin(id));
      Thread.ofVirtual().name("memory-" + sandbox.id()).start(() -> watchMemory(id));
      read(stream.body());
    }
    memory.look();
    JsonObject state = awaitEnd(id);
    ended.complete(null);
    Exit exit = exit(state);
    boolean hasFiles = !(exit instanceof Exit.OutOfMemory || exit instanceof Exit.TimedOut);
    return new SandboxEnd(exit, hasFiles ? files.left() : Map.of());
  }

  private boolean hasInput() {
    return attendant.input().length > 0;
  }

  private void writeInput(Answer stream) {
    try {
      stream.write(attendant.input());
    } catch (IOException e) {
      // Whoever does not read its input may end before all of it is written.
      LOG.debug("{} did not read all of its input: {}", sandbox, e.getMessage());
    }
  }

  private void begin(String id) {
    try {
      inside = EngineInside.of(engine, id, state(id), ended);
    } catch (IOException e) {
      inside = Inside.closed("it cannot be reached: " + e.getMessage());
    }
    attendant.begun(inside);
  }

  private String create() throws IOException, SandboxException {
    try {
      JsonObject made =
          engine.post(
              "/containers/create?name=" + sandbox.id(),
              ContainerSpec.of(sandbox, owner, hasInput()));
      return text(made, "Id");
    } catch (EngineException e) {
      if (e.status() == 404) {
        throw new SandboxException(
            Codes.FUNCTION_IMAGE,
            "image \""
                + sandbox.image()
                + "\" was removed from the engine meanwhile; try again: "
                + e.getMessage());
      }
      throw e;
    }
  }

  private Answer attach(String id, Duration time) throws IOException, SandboxException {
    String path =
        "/containers/" + id + "/attach?stream=1&stdout=1&stderr=1" + (hasInput() ? "&stdin=1" : "");
    Answer answer =
        engine.open("POST", path, Map.of("Connection", "Upgrade", "Upgrade", "tcp"), time);
    try {
      return answer.requireSuccess();
    } catch (EngineException e) {
      answer.close();
      throw notStarted(e);
    }
  }

  private void start(String id) throws IOException, SandboxException {
    try {
      engine.command("POST", "/containers/" + id + "/start");
    } catch (EngineException e) {
      throw notStarted(e);
    }
  }

  private SandboxException notStarted(EngineException e) {
    boolean hasBlank = sandbox.command().stream().anyMatch(word -> word.contains(" "));
    return new SandboxException(
        Codes.FUNCTION_EXIT,
        "the container cannot start: "
            + e.getMessage()
            + (hasBlank ? "; the key cmd is one word and is not split at its blanks" : ""));
  }

  // ---- output ----

  /// Reads frames: a byte for the stream, three of nothing, four of length, and the bytes.
  private void read(InputStream in) {
    OutputLines lines = new OutputLines(text -> attendant.line(new OutputLine(false, text)));
    OutputLines errors = new OutputLines(text -> attendant.line(new OutputLine(true, text)));
    Attendant.Bytes stdout = attendant.stdout().orElse(lines::write);
    byte[] header = new byte[8];
    byte[] bytes = new byte[16 << 10];
    try {
      while (in.readNBytes(header, 0, header.length) == header.length) {
        long left =
            (header[4] & 0xffL) << 24
                | (header[5] & 0xff) << 16
                | (header[6] & 0xff) << 8
                | header[7] & 0xff;
        Attendant.Bytes target = header[0] == 2 ? errors::write : stdout;
        while (left > 0) {
          int got = in.read(bytes, 0, (int) Math.min(left, bytes.length));
          if (got < 0) {
            throw new EOFException("the output ended within a line");
          }
          target.write(bytes, 0, got);
          left -= got;
        }
      }
    } catch (IOException e) {
      // Whether the engine is gone or only the stream, the next question to it tells.
      LOG.debug("output of {} ended: {}", sandbox, e.getMessage());
    }
    lines.flush();
    errors.flush();
  }

  // ---- ends ----

  private JsonObject awaitEnd(String id) throws IOException {
    long giveUp = System.nanoTime() + Limits.PATIENCE.toNanos();
    long pause = 5;
    while (true) {
      try {
        JsonObject state = state(id);
        if (state.get("Running") != Json.TRUE && !text(state, "Status").equals("created")) {
          return state;
        }
        if (isAbandoned) {
          throw new IOException("the container does not end although it was killed");
        }
        giveUp = System.nanoTime() + Limits.PATIENCE.toNanos();
      } catch (EngineException e) {
        throw new IOException("the container is gone: " + e.getMessage(), e);
      } catch (IOException e) {
        if (isAbandoned || System.nanoTime() > giveUp) {
          throw e;
        }
      }
      pause(pause);
      pause = Math.min(pause * 2, Limits.LOOK_MAX.toMillis());
    }
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private JsonObject state(String id) throws IOException {
    return engine.get("/containers/" + id + "/json").get("State") instanceof JsonObject state
        ? state
        : JsonObject.EMPTY;
  }

  private Exit exit(JsonObject state) {
    if (isTimedOut) {
      return new Exit.TimedOut(sandbox.limits().time());
    }
    if (stopped.isDone()) {
      return new Exit.Stopped();
    }
    int code = state.get("ExitCode") instanceof JsonNumber number ? (int) number.longValue() : -1;
    boolean isKilledForMemory = state.get("OOMKilled") == Json.TRUE || memory.sawKill();
    if (code != 0 && isKilledForMemory) {
      return new Exit.OutOfMemory(sandbox.limits().memoryBytes());
    }
    Integer signal = SIGNALS.get(code);
    return signal == null ? new Exit.Exited(code) : new Exit.Signalled(signal);
  }

  /// Waits for a stop or the deadline and then ends the container.
  private void guard(String id) {
    isTimedOut = !happensWithin(CompletableFuture.anyOf(stopped, ended), sandbox.limits().time());
    if (ended.isDone()) {
      return;
    }
    // Whoever is frozen hears no signal.
    inside.freeze(false);
    signal(id, "TERM");
    if (!happensWithin(ended, patience)) {
      signal(id, "KILL");
      isAbandoned = !happensWithin(ended, Limits.KILL_TIME);
    }
  }

  private static boolean happensWithin(CompletableFuture<?> event, Duration time) {
    try {
      event.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void signal(String id, String signal) {
    try {
      engine.command("POST", "/containers/" + id + "/kill?signal=" + signal);
    } catch (IOException e) {
      LOG.debug("{} cannot be sent {}: {}", sandbox, signal, e.getMessage());
    }
  }

  private void watchMemory(String id) {
    try {
      if (state(id).get("Pid") instanceof JsonNumber pid && pid.longValue() > 0) {
        memory = MemoryWatch.of(pid.longValue(), id);
        while (memory.look() && !happensWithin(ended, Limits.MEMORY_LOOK)) {
          // The loop's condition does the work.
        }
      }
    } catch (IOException e) {
      LOG.debug("the memory of {} is not watched: {}", sandbox, e.getMessage());
    }
  }

  // ---- removal ----

  private void removeLater(String id) {
    Runnable removal =
        () -> {
          try {
            remove(engine, id);
          } catch (IOException e) {
            LOG.atWarn()
                .addKeyValue("container", id)
                .addKeyValue("error", e.getMessage())
                .log("container could not be removed; the next start does");
          }
        };
    try {
      threads.execute(removal);
    } catch (RejectedExecutionException _) {
      removal.run();
    }
  }

  /// Removes a container with what belongs to it; one that is gone is fine.
  static void remove(EngineClient engine, String id) throws IOException {
    try {
      engine.command("DELETE", "/containers/" + id + "?force=1&v=1");
    } catch (EngineException e) {
      if (e.status() != 404 && e.status() != 409) {
        throw e;
      }
    }
  }

  /// The text under `key`, or an empty one.
  static String text(JsonObject object, String key) {
    return object.get(key) instanceof JsonString(String text) ? text : "";
  }
}
