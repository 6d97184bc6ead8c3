package io.direktiv.bench;

import io.direktiv.jq.Bombs;
import io.direktiv.jq.Query;
import io.direktiv.jq.QueryLimitException;
import io.direktiv.jq.QueryLimits;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.openjdk.jmh.generators.core.BenchmarkGenerator;
import org.openjdk.jmh.generators.core.FileSystemDestination;
import org.openjdk.jmh.generators.reflection.RFGeneratorSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Measures jq: every program in this project, jackson-jq, gojq, jaq and libjq in one run.
///
/// JMH's generated code is made here and not by the compiler of the tests, which does not need it.
final class JqBench {
  private static final Path GENERATED = Path.of("target/jmh");
  private static final Duration BOMB_TIME = Duration.ofMillis(300);

  private JqBench() {}

  static void run(io.direktiv.bench.Options options) throws Exception {
    generate();
    long millis = options.duration().map(each -> each.toMillis()).orElse(300L);
    List<JqPrograms.Program> programs = JqPrograms.ALL;
    JqPeers.prepare(programs);
    Map<String, Map<String, Double>> columns = new HashMap<>();
    columns.put("ours", measure("ours", programs, millis));
    columns.put("jackson-jq", measure("jackson", programs, millis));
    columns.put("gojq", JqPeers.gojq());
    columns.put("jaq", JqPeers.jaq());
    columns.put("libjq", JqPeers.libjq());
    Report report =
        new Report(
            "Jq",
            "jq beside its peers",
            "Time for one evaluation of a compiled program over a parsed document: this project and"
                + " jackson-jq 1.6.2 by JMH, each program in a JVM of its own; gojq 0.12.19, jaq"
                + " 3.1 and libjq 1.8 by programs of their language, one after the other; always the"
                + " best of several rounds, since others use the machine too. A dash:"
                + " the program fails there, or the peer could not be built. A factor is the time"
                + " of the fastest peer divided by ours.");
    table(report, programs, columns);
    compileTime(report, millis);
    lateness(report);
    report.write();
  }

  private static void table(
      Report report, List<JqPrograms.Program> programs, Map<String, Map<String, Double>> columns) {
    List<String> peers = List.of("jackson-jq", "gojq", "jaq", "libjq");
    report.head("program", "direktiv", "jackson-jq", "gojq", "jaq", "libjq", "fastest", "factor");
    double logs = 0;
    int both = 0;
    for (JqPrograms.Program program : programs) {
      Optional<Double> ours = Optional.ofNullable(columns.get("ours").get(program.name()));
      List<Object> cells = new ArrayList<>();
      cells.add("`" + program.text().replace("|", "\\|") + "`");
      cells.add(ours.map(JqBench::time).orElse("–"));
      String fastest = "–";
      double best = Double.POSITIVE_INFINITY;
      for (String peer : peers) {
        Double nanos = columns.get(peer).get(program.name());
        cells.add(nanos == null ? "–" : time(nanos));
        if (nanos != null && nanos < best) {
          best = nanos;
          fastest = peer;
        }
      }
      cells.add(fastest);
      double mine = ours.orElse(Double.NaN);
      cells.add(best / mine);
      report.row(cells.toArray());
      Double jackson = columns.get("jackson-jq").get(program.name());
      if (jackson != null && ours.isPresent()) {
        logs += Math.log(jackson / mine);
        both++;
      }
    }
    report.line("");
    report.line(
        "Against jackson-jq: "
            + Report.number(Math.exp(logs / both))
            + " times faster in the geometric mean of "
            + both
            + " programs (target ≥ 4).");
  }

  private static void compileTime(Report report, long millis) throws RunnerException {
    OptionsBuilder options = options(millis);
    options.include("JqMeasure\\.compile$");
    double nanos =
        new Runner(options.build()).runSingle().getPrimaryResult().getStatistics().getMin();
    report.line("");
    report.line(
        "Compiling `"
            + JqMeasure.FORTY_TOKENS
            + "` takes "
            + time(nanos)
            + " in a warm process (target ≤ 20 µs).");
  }

  /// How long after its time limit a query ends; the best of three, since others use the machine
  /// and the heap too.
  private static void lateness(Report report) {
    double worst = 0;
    String slowest = "";
    for (String bomb : Bombs.ALL) {
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < 3; i++) {
        best = Math.min(best, late(bomb));
      }
      if (best > worst) {
        worst = best;
        slowest = bomb;
      }
    }
    report.line("");
    report.line(
        "Of "
            + Bombs.ALL.size()
            + " queries that would not end, the last to notice its limit of "
            + BOMB_TIME.toMillis()
            + " ms, `"
            + slowest.replace("|", "\\|")
            + "`, was "
            + time(worst)
            + " late (target ≤ 50 ms).");
  }

  private static double late(String bomb) {
    QueryLimits limits = new QueryLimits(BOMB_TIME, 1L << 60, 256L << 20, 1_000_000);
    try {
      Query query = Query.compile(bomb);
      long start = System.nanoTime();
      try {
        query.all(Json.NULL, limits);
        throw new IllegalStateException(bomb + " ends");
      } catch (QueryLimitException _) {
        return Math.max(0, System.nanoTime() - start - BOMB_TIME.toNanos());
      }
    } catch (QuerySyntaxException e) {
      throw new IllegalStateException(bomb, e);
    }
  }

  /// A time with its unit.
  static String time(double nanos) {
    double micros = nanos / 1e3;
    return nanos < 1e3
        ? Report.number(nanos) + " ns"
        : micros < 1e3
            ? Report.number(micros) + " µs"
            : micros < 1e6
                ? Report.number(micros / 1e3) + " ms"
                : Report.number(micros / 1e6) + " s";
  }

  private static Map<String, Double> measure(
      String method, List<JqPrograms.Program> programs, long millis) throws RunnerException {
    Map<String, Double> nanos = new HashMap<>();
    for (JqPrograms.Program program : programs) {
      OptionsBuilder options = options(millis);
      options.include("JqMeasure\\." + method + "$").param("program", program.name());
      if (program.isHuge() && method.equals("jackson")) {
        options.warmupIterations(0).measurementIterations(1);
      }
      for (RunResult result : new Runner(options.build()).run()) {
        nanos.put(program.name(), result.getPrimaryResult().getStatistics().getMin());
      }
    }
    return nanos;
  }

  private static OptionsBuilder options(long millis) {
    OptionsBuilder options = new OptionsBuilder();
    options
        .forks(1)
        .warmupIterations(4)
        .warmupTime(TimeValue.milliseconds(millis))
        .measurementIterations(8)
        .measurementTime(TimeValue.milliseconds(millis))
        .jvmArgs(
            "-Xmx2g",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--sun-misc-unsafe-memory-access=allow")
        .shouldFailOnError(false)
        .verbosity(org.openjdk.jmh.runner.options.VerboseMode.SILENT);
    return options;
  }

  /// Makes and compiles what JMH runs, and puts it on the class path of this process and of those
  /// that JMH starts.
  private static void generate() throws IOException {
    Files.createDirectories(GENERATED);
    FileSystemDestination destination =
        new FileSystemDestination(GENERATED.toFile(), GENERATED.toFile());
    RFGeneratorSource source = new RFGeneratorSource();
    source.processClasses(JqMeasure.class);
    BenchmarkGenerator generator = new BenchmarkGenerator();
    generator.generate(source, destination);
    generator.complete(source, destination);
    if (destination.hasErrors()) {
      throw new IllegalStateException("JMH could not generate its code");
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String path = System.getProperty("java.class.path");
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.walk(GENERATED)) {
      List<Path> java = sources.filter(each -> each.toString().endsWith(".java")).toList();
      boolean isDone =
          compiler
              .getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none", "-nowarn", "-d", GENERATED.toString(), "-cp", path),
                  null,
                  files.getJavaFileObjectsFromPaths(java))
              .call();
      if (!isDone) {
        throw new IllegalStateException("what JMH generated does not compile");
      }
    }
  }
}
