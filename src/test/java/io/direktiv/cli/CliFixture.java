package io.direktiv.cli;

import io.direktiv.api.Address;
import io.direktiv.api.AuthMode;
import io.direktiv.api.grpc.GrpcDoor;
import io.direktiv.api.grpc.GrpcSettings;
import io.direktiv.engine.EngineSettings;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.functions.NoFunctions;
import io.direktiv.secrets.MasterKey;
import io.direktiv.server.Parts;
import io.direktiv.store.sql.SqlStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A server in this process, and the program run against it.
final class CliFixture implements AutoCloseable {
  private final ExecutorService notifier = Executors.newVirtualThreadPerTaskExecutor();
  private final Parts parts;
  private final Map<String, String> environment = new HashMap<>();
  private GrpcDoor door;

  CliFixture(Path data, AuthMode auth) {
    parts =
        Parts.build(
            SqlStore.open(data, notifier),
            MasterKey.random(),
            EngineSettings.DEFAULT,
            ExecutionSettings.DEFAULT,
            auth,
            (_, _) -> new NoFunctions("no container engine in this test"));
    parts.start();
    openDoor(0);
  }

  private void openDoor(int port) {
    door = new GrpcDoor(parts.api(), new Address("127.0.0.1", port), GrpcSettings.DEFAULT);
    door.start();
    environment.put("DIREKTIV_GRPC", "127.0.0.1:" + door.port());
  }

  /// Closes the door, which ends what waits, and opens it again at the same port.
  void reopenDoor() {
    int port = door.port();
    door.stop();
    openDoor(port);
  }

  /// What a run printed.
  record Result(int code, String out, String err) {}

  Parts parts() {
    return parts;
  }

  Map<String, String> environment() {
    return environment;
  }

  /// Runs `direkcli` with words.
  Result run(String... args) {
    return runWith("", args);
  }

  /// Runs `direkcli` with a standard input.
  Result runWith(String in, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return runInto(out, in, args);
  }

  /// Runs `direkcli` whose standard output is `out`.
  Result runInto(OutputStream out, String in, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(List.of(args));
    all.add(0, "--timeout=30");
    Io io =
        new Io(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment);
    int code = Direkcli.run(all.toArray(String[]::new), io);
    String printed =
        out instanceof ByteArrayOutputStream bytes ? bytes.toString(StandardCharsets.UTF_8) : "";
    return new Result(code, printed, err.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    door.stop();
    parts.close();
    notifier.close();
  }
}
