package io.direktiv.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs the benchmarks that are named, or all.
public final class Bench {
  /// A benchmark.
  interface Benchmark {
    /// Measures and reports.
    ///
    /// @param options what follows the name, such as `--seconds 60`
    void run(Options options) throws Exception;
  }

  private static final Map<String, Benchmark> ALL = new LinkedHashMap<>();

  static {
    ALL.put("Engine", EngineBench::run);
    ALL.put("Functions", FunctionsBench::run);
    ALL.put("Http", HttpBench::run);
    ALL.put("Jq", JqBench::run);
    ALL.put("Start", StartBench::run);
    ALL.put("Tenants", TenantsBench::run);
    ALL.put("Waiting", WaitingBench::run);
  }

  private Bench() {}

  /// Runs what `args` name: `[NAME…] [--seconds N] [--count N]`.
  public static void main(String[] args) throws Exception {
    Options options = Options.parse(List.of(args));
    for (String name : options.names()) {
      if (!ALL.containsKey(name)) {
        System.err.println("bench: there is no benchmark \"" + name + "\", but " + ALL.keySet());
        System.exit(2);
      }
    }
    for (Map.Entry<String, Benchmark> benchmark : ALL.entrySet()) {
      if (options.names().isEmpty() || options.names().contains(benchmark.getKey())) {
        benchmark.getValue().run(options);
      }
    }
  }
}
