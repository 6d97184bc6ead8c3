package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.jq.modules.ModuleFolders;
import io.direktiv.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Runs the Java examples of `docs/jq/README.md`; that they stand here word for word is tested too.
class LibraryPageTest {
  private static final Path PAGE = Path.of("docs/jq/README.md");
  private static final Path HERE = Path.of("src/test/java/io/direktiv/jq/LibraryPageTest.java");

  @Test
  void everyLineOfTheExamplesIsRunHere() throws IOException {
    String here = Files.readString(HERE).replaceAll("\\s+", "");
    String page = Files.readString(PAGE);
    String[] parts = page.split("```");
    int examples = 0;
    for (int i = 1; i < parts.length; i += 2) {
      if (parts[i].startsWith("java\n")) {
        examples++;
        assertThat(here).contains(parts[i].substring(5).replaceAll("\\s+", ""));
      }
    }
    assertThat(examples).isEqualTo(4);
  }

  @Test
  void collectsAllOutputs() throws QuerySyntaxException {
    Query query = Query.compile(".items[] | select(.price > 10) | .name");
    Json order =
        Json.parse(
            "{\"items\": [{\"name\": \"lamp\", \"price\": 12}, {\"name\": \"nail\", \"price\": 1}]}");
    List<Json> names = query.all(order, QueryLimits.DEFAULT);
    assertThat(names).containsExactly(Json.of("lamp"));
  }

  @Test
  void takesOneOutputOfMany() throws QuerySyntaxException {
    Iterator<Json> squares =
        Query.compile("range(infinite) | . * .").outputs(Json.NULL, QueryLimits.DEFAULT);
    Json first = squares.next();
    assertThat(first).isEqualTo(Json.of(0));
    assertThat(squares.next()).isEqualTo(Json.of(1));
  }

  @Test
  void printsAReport() throws IOException {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      try {
        Query.compile("{a: 1 b: 2}");
      } catch (QuerySyntaxException e) {
        System.out.println(e.report());
      }
    } finally {
      System.setOut(console);
    }
    assertThat(Files.readString(PAGE)).contains(printed.toString(StandardCharsets.UTF_8));
  }

  @Test
  void grantsInputs() throws QuerySyntaxException {
    QueryOptions options =
        QueryOptions.NONE
            .withVariables("limit")
            .granting(QueryOptions.Grant.INPUT)
            .with(new ModuleFolders(List.of("lib"), Path.of("."), Path.of(".")));
    Query query = Query.compile("inputs | select(. < $limit)", options);
    Iterator<Integer> inputs = List.of(1, 7, 2).iterator();
    QueryHost host =
        new QueryHost() {
          @Override
          public Optional<Json> input() {
            return inputs.hasNext() ? Optional.of(Json.of(inputs.next())) : Optional.empty();
          }

          @Override
          public Json variable(String name) {
            return Json.of(5);
          }
        };
    assertThat(query.outputs(Json.NULL, QueryLimits.DEFAULT, host))
        .toIterable()
        .containsExactly(Json.of(1), Json.of(2));
  }
}
