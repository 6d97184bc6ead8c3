package io.direktiv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.direktiv.jq.Query;
import io.direktiv.jq.QueryLimits;
import io.direktiv.json.Json;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/// What JMH calls: one program by two libraries of the JVM, and the compilation of a query.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JqMeasure {
  private static final QueryLimits LIMITS =
      new QueryLimits(Duration.ofMinutes(10), 1L << 60, 1L << 30, 1_000_000);

  /// A program compiled for this project's jq.
  @State(org.openjdk.jmh.annotations.Scope.Benchmark)
  public static class Ours {
    @Param("field")
    public String program;

    Query query;
    Json input;

    @Setup(Level.Trial)
    public void prepare() throws Exception {
      JqPrograms.Program chosen = JqPrograms.named(program);
      query = Query.compile(chosen.text());
      input = Json.parse(JqPrograms.document(chosen.document()));
    }
  }

  /// A program compiled for jackson-jq.
  @State(org.openjdk.jmh.annotations.Scope.Benchmark)
  public static class Jackson {
    @Param("field")
    public String program;

    Scope scope;
    JsonQuery query;
    JsonNode input;

    @Setup(Level.Trial)
    public void prepare() throws Exception {
      JqPrograms.Program chosen = JqPrograms.named(program);
      scope = Scope.newEmptyScope();
      BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, scope);
      query = JsonQuery.compile(chosen.text(), Versions.JQ_1_7);
      input = new ObjectMapper().readTree(JqPrograms.document(chosen.document()));
    }
  }

  @Benchmark
  public void ours(Ours ours, Blackhole sink) {
    sink.consume(ours.query.all(ours.input, LIMITS));
  }

  @Benchmark
  public void jackson(Jackson jackson, Blackhole sink) throws Exception {
    jackson.query.apply(Scope.newChildScope(jackson.scope), jackson.input, sink::consume);
  }

  /// A query of 40 tokens.
  static final String FORTY_TOKENS =
      "{id, name: (.first + \" \" + .last), total: ([.lines[] | .price * .count] | add), big:"
          + " (.total > 100)}";

  @Benchmark
  public Object compile() throws Exception {
    return Query.compile(FORTY_TOKENS);
  }
}
