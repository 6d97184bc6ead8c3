package io.direktiv.local;

import io.direktiv.api.ApiException;
import io.direktiv.api.AuthMode;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Status;
import io.direktiv.engine.WorkflowError;
import io.direktiv.execution.Execution;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.execution.StartRequest;
import io.direktiv.execution.Started;
import io.direktiv.json.Json;
import io.direktiv.json.Printable;
import io.direktiv.model.Diagnostic;
import io.direktiv.model.Reading;
import io.direktiv.model.WorkflowReader;
import io.direktiv.secrets.MasterKey;
import io.direktiv.server.FileTrouble;
import io.direktiv.server.Parts;
import io.direktiv.store.StoreException;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.sql.SqlStore;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// Runs one workflow in this process, on an embedded engine whose store is gone afterwards.
public final class LocalRun {
  private static final String NAMESPACE = "local";

  private final PrintStream out;
  private final PrintStream err;
  private final Parts.FunctionsMaker functions;

  /// A run that prints the output to `out` and everything else to `err`.
  public LocalRun(PrintStream out, PrintStream err, Parts.FunctionsMaker functions) {
    this.out = out;
    this.err = err;
    this.functions = functions;
  }

  /// What to run.
  ///
  /// @param main the workflow
  /// @param others more workflows, available as subflows
  /// @param secrets by name
  /// @param log receives the instance's log while it runs
  public record Request(
      Source main,
      List<Source> others,
      Json input,
      Map<String, String> secrets,
      Optional<Log> log) {}

  /// Receives what is logged.
  public interface Log {
    /// A line of an instance.
    void line(InstanceId id, LogLine line);
  }

  /// What became of the instance.
  ///
  /// @param took from the start of the instance to its end
  public record Result(InstanceId id, Instance.Ending ending, Duration took) {
    /// Why it did not complete; empty when it did.
    public Optional<WorkflowError> error() {
      return ending.status() == Status.COMPLETE
          ? Optional.empty()
          : ending
              .error()
              .or(() ->
                  Optional.of(new WorkflowError("direktiv.internal.error", "no reason was kept")));
    }
  }

  /// Runs, prints the output or the error, and returns the exit code: 0, or 1 when the instance did
  /// not complete.
  public int run(Request request) {
    return result(request).map(this::report).orElse(1);
  }

  /// Runs; empty when the workflow is none, which was said.
  public Optional<Result> result(Request request) {
    Path folder = temporary();
    try (var notifier = Executors.newVirtualThreadPerTaskExecutor();
        Parts parts =
            Parts.build(
                SqlStore.open(folder, notifier),
                MasterKey.random(),
                EngineSettings.DEFAULT,
                ExecutionSettings.DEFAULT,
                AuthMode.OFF,
                functions)) {
      // Ctrl-C ends the process without leaving its blocks: containers must not run on, and the
      // folder must not stay.
      Thread stopper =
          new Thread(
              () -> {
                parts.functions().close();
                delete(folder);
              },
              "stop-run");
      Runtime.getRuntime().addShutdownHook(stopper);
      parts.start();
      Optional<Result> result = result(parts, request);
      Runtime.getRuntime().removeShutdownHook(stopper);
      return result;
    } finally {
      delete(folder);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("direktiv-run");
    } catch (IOException e) {
      throw new StoreException(
          "no folder for the run can be made in "
              + System.getProperty("java.io.tmpdir")
              + " ("
              + FileTrouble.reason(e)
              + "); make it writable, or name another with"
              + " DIREKTIV_JAVA_OPTS=-Djava.io.tmpdir=FOLDER",
          e);
    }
  }

  private Optional<Result> result(Parts parts, Request request) {
    parts.api().createNamespace(NAMESPACE);
    request
        .secrets()
        .forEach((name, value) ->
            parts.api().putSecret(NAMESPACE, name, value.getBytes(StandardCharsets.UTF_8), true));
    for (Source other : request.others()) {
      create(parts, other);
    }
    Optional<WorkflowRecord> workflow = create(parts, request.main());
    if (workflow.isEmpty()) {
      return Optional.empty();
    }
    Optional<Execution.Watch> watch =
        request
            .log()
            .map(log ->
                parts
                    .api()
                    .watch(
                        NAMESPACE,
                        change -> change.logs().forEach(line -> log.line(change.id(), line))));
    long start = System.nanoTime();
    Started started =
        parts
            .api()
            .execute(
                new StartRequest(
                    NAMESPACE, workflow.get().id(), request.input(), true, Optional.empty()));
    Instance ended = started.end().join().orElseThrow();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    watch.ifPresent(Execution.Watch::close);
    return Optional.of(new Result(started.id(), ended.ending().orElseThrow(), took));
  }

  private Optional<WorkflowRecord> create(Parts parts, Source source) {
    try {
      byte[] text = source.read();
      Reading reading = WorkflowReader.read(text);
      for (Diagnostic diagnostic : reading.diagnostics()) {
        err.println(Validation.line(source.name(), diagnostic));
      }
      return reading
          .workflow()
          .map(_ ->
              parts
                  .api()
                  .createWorkflow(NAMESPACE, new String(text, StandardCharsets.UTF_8), true, ""));
    } catch (ApiException e) {
      err.println(source.name() + ": " + e.getMessage() + "; give each workflow an id of its own");
      return Optional.empty();
    } catch (IOException e) {
      err.println(
          source.name()
              + ": cannot be read ("
              + FileTrouble.reason(e)
              + "); give a readable workflow file");
      return Optional.empty();
    }
  }

  private int report(Result result) {
    Instance.Ending ending = result.ending();
    Optional<WorkflowError> error = result.error();
    if (error.isEmpty()) {
      out.println(ending.output().orElse(Json.NULL));
      return 0;
    }
    ending.output().ifPresent(out::println);
    err.println(
        "instance "
            + result.id()
            + " "
            + ending.status().word()
            + ": ["
            + Printable.of(error.get().code())
            + "] "
            + Printable.of(error.get().message()));
    return 1;
  }

  /// Deletes what can be deleted; an interrupted run may still be writing.
  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
