package io.direktiv.bench;

import io.direktiv.shipped.ServerSpec;
import io.direktiv.shipped.ShippedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Measures starts from `exec`: of the server to its first HTTP answer, and of the commands to
/// their end; and the memory of an idle server.
final class StartBench {
  private static final int RUNS = 15;
  private static final Duration IDLE = Duration.ofSeconds(10);

  private StartBench() {}

  static void run(Options options) throws Exception {
    Report report =
        new Report(
            "Start",
            "Starts and idle memory",
            "Each line is "
                + RUNS
                + " starts through the shipped launchers, after the build; the server starts on an"
                + " empty store and is asked for `/healthz` until it answers.");
    report.head("what", "median ms", "min", "max", "target");
    row(report, "`direktiv server` to its first answer", times(StartBench::server), "≤ 1,000");
    try (BenchServer server = BenchServer.start()) {
      List<String> list = List.of("./direkcli", "--grpc", server.grpc(), "namespaces", "list");
      row(report, "`direkcli namespaces list`", times(() -> command(list)), "≤ 250");
      Thread.sleep(IDLE);
      double idle = server.residentMiB();
      List<String> run =
          List.of("./direktiv", "run", "examples/helloworld.yml", "--input", "{\"name\":\"Alan\"}");
      row(report, "`direktiv run examples/helloworld.yml`", times(() -> command(run)), "≤ 1,000");
      report.line("");
      report.line(
          "Resident memory of a server that was idle for "
              + IDLE.toSeconds()
              + " s after "
              + RUNS
              + " commands: "
              + Report.number(idle)
              + " MiB (target ≤ 150).");
    }
    report.write();
  }

  private interface Start {
    double millis() throws Exception;
  }

  private static Sample times(Start start) throws Exception {
    double[] millis = new double[RUNS];
    start.millis();
    for (int i = 0; i < RUNS; i++) {
      millis[i] = start.millis();
    }
    return Sample.of(millis);
  }

  private static void row(Report report, String what, Sample sample, String target) {
    report.row(what, sample.median(), sample.min(), sample.max(), target);
  }

  private static double command(List<String> command) throws Exception {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int code = process.waitFor();
    double millis = (System.nanoTime() - start) / 1e6;
    if (code != 0) {
      throw new IOException(command + " ended with " + code);
    }
    return millis;
  }

  private static double server() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "start");
    int port = freePort();
    ServerSpec spec = ServerSpec.in(folder).withBind("127.0.0.1:" + port);
    long start = System.nanoTime();
    ShippedServer server = spec.start();
    try {
      while (!answers(port)) {
        if (!server.isAlive()) {
          throw new IOException(Files.readString(folder.resolve("log")));
        }
        Thread.onSpinWait();
      }
      return (System.nanoTime() - start) / 1e6;
    } finally {
      server.stop();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean answers(int port) throws InterruptedException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 100);
      socket.setSoTimeout(2_000);
      String request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == 'H';
    } catch (IOException _) {
      Thread.sleep(2);
      return false;
    }
  }
}
