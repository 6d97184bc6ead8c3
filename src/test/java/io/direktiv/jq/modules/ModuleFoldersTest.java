package io.direktiv.jq.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.jq.Query;
import io.direktiv.jq.QueryLimits;
import io.direktiv.jq.QueryOptions;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.json.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Imports the modules of `src/test/resources/jq/modules`.
class ModuleFoldersTest {
  private static final Path HERE = Path.of("src/test/resources/jq");
  private static final QueryOptions OPTIONS =
      QueryOptions.NONE
          .withVariables("given")
          .with(new ModuleFolders(List.of("modules"), HERE, HERE));

  private static String run(String query) throws QuerySyntaxException {
    return Query.compile(query, OPTIONS).all(Json.NULL, QueryLimits.DEFAULT).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "import \"a\" as foo; import \"b\" as bar; [foo::a, bar::a, bar::b]|[[\"a\",\"b\",\"c\"]]",
        "import \"c\" as foo; foo::c                       |[\"acmehbah\"]",
        "include \"c\"; def a: 1; [a, c]                   |[[1,\"acmehbah\"]]",
        "import \"d\" as d {search: \"./modules/c\"}; d::word|[\"meh\"]",
        "import \"d\" as d {search: [\"nowhere\", \"$ORIGIN/modules/c\"]}; d::word|[\"meh\"]",
        "import \"data\" as $d; [$d] == [$d::d] |[true]",
        "import \"data\" as $d; def f: $d[0].that; f       |[\"is too\"]",
        "import \"a\" as $raw {raw: true, search: \"modules\"}; 1|",
        "import \"several\" as $s; $s                       |[[1,{\"a\":2},[3]]]",
        "def a: 5; [a]                                     |[[5]]",
        "get_search_list                                   |[[\"modules\"]]",
      })
  void findsModulesAsJqDoes(String query, String expected) throws QuerySyntaxException {
    if (expected == null) {
      assertThatThrownBy(() -> run(query)).hasMessageStartingWith("module not found: a");
      return;
    }
    assertThat(run(query)).isEqualTo(expected);
  }

  @Test
  void describesAModule() throws QuerySyntaxException {
    assertThat(run("\"a\" | modulemeta"))
        .isEqualTo("[{\"version\":1.8,\"deps\":[],\"defs\":[\"a/0\"]}]");
    assertThat(run("try (1 | modulemeta) catch ., try (\"x\" | modulemeta) catch ."))
        .isEqualTo(
            "[\"modulemeta input module name must be a string\", \"module not found: x\\n\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "import \"x\" as x; 1     |module not found: x",
        "import \"a/../b\" as x; 1|Relative paths to modules may not traverse to parent directories",
        "import \"a/a\" as x; 1   |module names must not have equal consecutive components: a/a",
        "import \"a\\\\b\" as x; 1|Modules must be named by relative paths using '/', not '\\' (a\\b)",
        "import \"broken\" as $x; 1|error loading data file",
        "import \"circle1\" as x; 1|modules import each other deeper than 64",
        "import \"a\" as x; x::b  |x::b/0 is not defined",
        "import \"a\" as x; a     |a/0 is not defined",
      })
  void saysWhyAModuleCannotBeImported(String query, String message) {
    assertThatThrownBy(() -> run(query))
        .isInstanceOf(QuerySyntaxException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void namesTheFileOfAModuleThatIsWrong() {
    assertThatThrownBy(() -> run("import \"syntaxerror\" as e; ."))
        .isInstanceOfSatisfying(
            QuerySyntaxException.class,
            e -> {
              assertThat(e.origin()).endsWith("modules/syntaxerror/syntaxerror.jq");
              assertThat(e.report())
                  .startsWith("jq: error: syntax error, unexpected ';', expecting end of file at ")
                  .endsWith("line 1, column 4:\n    wat;\n       ^\njq: 1 compile error");
            });
    assertThatThrownBy(() -> run("import \"unknown\" as e; e::f"))
        .isInstanceOfSatisfying(
            QuerySyntaxException.class,
            e -> {
              assertThat(e.getMessage()).contains("did you mean length/0?");
              assertThat(e.line()).isEqualTo(2);
            });
  }
}
