package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.direktiv.jq.modules.ModuleFolders;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The builtins are those of jq 1.8.2, and its mathematics are ours.
class BuiltinsTest {
  private static final Path FILES = Path.of("src/test/resources/jq");

  /// The last digit of a double is 2e-16 of it; near the zeros of a wave it is that of 1.
  private static final double LAST_DIGITS = 5e-15;

  private static final double NEAR_ZERO = 4e-16;

  @Test
  void areThoseOfJq() throws Exception {
    // given
    List<String> names = Files.readAllLines(FILES.resolve("builtins.txt"));
    Query query =
        Query.compile(
            "builtins | sort[]",
            QueryOptions.NONE
                .granting(QueryOptions.Grant.values())
                .with(new ModuleFolders(List.of(), Path.of("/here"), Path.of("/jq"))));
    // when
    List<String> ours =
        query.all(Json.NULL, QueryLimits.DEFAULT).stream()
            .map(name -> ((JsonString) name).value())
            .toList();
    // then
    assertThat(ours).containsExactlyElementsOf(names);
  }

  @TestFactory
  Stream<DynamicTest> answersAsJqDoes() throws IOException {
    String text = Files.readString(FILES.resolve("maths.yaml"));
    List<?> cases = (List<?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    return cases.stream()
        .map(each -> (Map<?, ?>) each)
        .map(each -> DynamicTest.dynamicTest(each.get("function").toString(), () -> compare(each)));
  }

  private static void compare(Map<?, ?> c) throws QuerySyntaxException {
    Query query = Query.compile("[" + c.get("of") + "[] | " + c.get("function") + "]");
    Json ours = query.all(Json.NULL, QueryLimits.DEFAULT).getFirst();
    compare(ours, Json.parse((String) c.get("is")));
  }

  private static void compare(Json ours, Json expected) {
    if (expected instanceof JsonArray all) {
      for (int i = 0; i < all.size(); i++) {
        compare(((JsonArray) ours).get(i), all.get(i));
      }
    } else if (expected instanceof JsonNumber number) {
      double value = number.doubleValue();
      double error =
          Math.max(Math.abs(value) * LAST_DIGITS, Math.abs(value) > 1e-3 ? NEAR_ZERO : 0);
      assertThat(Double.parseDouble(ours.toString())).isEqualTo(value, within(error));
    } else {
      assertThat(ours).hasToString(expected.toString());
    }
  }
}
