package io.direktiv.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client in another language. What it knows of the compatible service is generated from the
/// field tables of v0.1.6 instead of from our file; `direktiv.v1` is ours alone. What it does is in
/// `src/test/python/quickstart.py`.
class PythonClientTest {
  private static final Path SOURCES = Path.of("src/test/python");
  private static final Path PYTHON = Path.of("target/python/bin/python");

  @TempDir Path data;
  @TempDir Path generated;

  @Test
  void worksUnchanged() throws Exception {
    // given
    assumeTrue(
        Files.exists(Path.of("target/python/ready")),
        "Python's grpcio is not here; ./dev check installs it where it can");
    run(
        "-m",
        "grpc_tools.protoc",
        "-I" + SOURCES,
        "-Isrc/main/protobuf",
        "--python_out=" + generated,
        "--grpc_python_out=" + generated,
        "ingress_v016.proto",
        "health.proto",
        "direktiv/v1/direktiv.proto");

    // when
    try (GrpcFixture server = new GrpcFixture(data)) {
      server.door().ready();
      String printed = run(SOURCES.resolve("quickstart.py").toString(), "" + server.door().port());

      // then
      assertThat(printed).isEqualTo("ok\n");
    }
  }

  /// What the command printed, once it has ended well.
  private String run(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(PYTHON.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("PYTHONPATH", generated.toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Path output = Files.createTempFile(generated, "python", ".out");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    boolean hasEnded = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(hasEnded).as("ended in time, printing: %s", printed).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }
}
