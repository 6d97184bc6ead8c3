package io.direktiv.bench;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The peers in other languages: programs of `tools/bench-peers` that are built where their
/// language is installed.
final class JqPeers {
  private static final Path SOURCES = Path.of("tools/bench-peers").toAbsolutePath();
  private static final Path BUILT = Path.of("target/bench-peers").toAbsolutePath();

  private JqPeers() {}

  /// Writes the programs and documents where the peers read them.
  static void prepare(List<JqPrograms.Program> programs) throws IOException {
    Files.createDirectories(BUILT);
    List<Json> list = new ArrayList<>();
    for (JqPrograms.Program program : programs) {
      list.add(
          JsonObject.builder()
              .put("name", program.name())
              .put("text", program.text())
              .put("document", program.document())
              .build());
    }
    Files.writeString(BUILT.resolve("programs.json"), JsonArray.of(list).toString());
    for (Map.Entry<String, String> document : JqPrograms.documents().entrySet()) {
      Files.writeString(BUILT.resolve(document.getKey() + ".json"), document.getValue());
    }
  }

  /// Nanoseconds per evaluation by program; empty when the language is not there.
  static Map<String, Double> gojq() {
    Path binary = BUILT.resolve("gojq");
    return measure(
        Files.exists(binary)
            || run(SOURCES.resolve("gojq"), "go", "build", "-o", binary.toString(), "."),
        binary.toString());
  }

  static Map<String, Double> jaq() {
    Path target = BUILT.resolve("jaq");
    Path binary = target.resolve("release/jaq-peer");
    String manifest = SOURCES.resolve("jaq/Cargo.toml").toString();
    return measure(
        Files.exists(binary)
            || run(
                BUILT,
                "cargo",
                "build",
                "-q",
                "--release",
                "--manifest-path",
                manifest,
                "--target-dir",
                target.toString()),
        binary.toString());
  }

  static Map<String, Double> libjq() {
    Path python = BUILT.resolve("libjq/bin/python");
    String needs = SOURCES.resolve("libjq/requirements.txt").toString();
    boolean isBuilt =
        Files.exists(python)
            || (run(BUILT, "python3", "-m", "venv", BUILT.resolve("libjq").toString())
                && run(BUILT, python.toString(), "-m", "pip", "install", "-q", "-r", needs));
    return measure(isBuilt, python.toString(), SOURCES.resolve("libjq/main.py").toString());
  }

  private static boolean run(Path folder, String... command) {
    try {
      return new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start().waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Double> measure(boolean isBuilt, String... command) {
    Map<String, Double> nanos = new HashMap<>();
    if (!isBuilt) {
      return nanos;
    }
    List<String> whole = new ArrayList<>(List.of(command));
    whole.add(BUILT.toString());
    try {
      Process process =
          new ProcessBuilder(whole).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      for (String line : process.inputReader().lines().toList()) {
        String[] cells = line.split("\t", 2);
        nanos.put(cells[0], Double.valueOf(cells[1]));
      }
      return nanos;
    } catch (IOException _) {
      return nanos;
    }
  }
}
