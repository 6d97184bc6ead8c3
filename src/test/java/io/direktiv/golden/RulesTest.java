package io.direktiv.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.Codes;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The table of rules is the specification's index: each rule has a case, or names the test that
/// proves it.
class RulesTest {
  private static Map<String, JsonObject> rules() {
    Map<String, JsonObject> rules = new LinkedHashMap<>();
    for (Json element : (JsonArray) Yaml.read(GoldenCase.FOLDER.resolve("rules.yaml"))) {
      JsonObject rule = (JsonObject) element;
      assertThat(rules.put(GoldenCase.text(rule, "id"), rule)).as("twice: %s", rule).isNull();
    }
    return rules;
  }

  private static Set<String> proved() {
    Stream<String> workflows = GoldenCase.all().stream().flatMap(golden -> golden.rules().stream());
    return Stream.concat(workflows, GoldenDefinitionsTest.rules())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyRuleHasASentenceAndASource() {
    rules()
        .forEach((id, rule) -> {
          assertThat(GoldenCase.text(rule, "rule")).as(id).isNotBlank();
          assertThat(GoldenCase.text(rule, "source")).as(id).isNotBlank();
        });
  }

  @Test
  void everyRuleHasACaseOrNamesATest() throws ClassNotFoundException {
    Set<String> proved = proved();
    List<String> bare = new ArrayList<>();
    for (Map.Entry<String, JsonObject> rule : rules().entrySet()) {
      if (rule.getValue().has("test")) {
        assertThat(Class.forName(GoldenCase.text(rule.getValue(), "test"))).isNotNull();
      } else if (!proved.contains(rule.getKey())) {
        bare.add(rule.getKey());
      }
    }
    assertThat(bare).as("rules without a case").isEmpty();
  }

  @Test
  void everyCaseProvesARuleThatExists() {
    assertThat(rules().keySet()).as("rules in the table").containsAll(proved());
    assertThat(GoldenCase.all())
        .as("cases with a rule")
        .allMatch(golden -> !golden.rules().isEmpty());
  }

  @Test
  void everyCodeHasARule() throws IllegalAccessException {
    Set<String> named =
        rules().values().stream()
            .flatMap(rule -> GoldenCase.texts(rule, "codes").stream())
            .collect(Collectors.toSet());
    List<String> missing = new ArrayList<>();
    for (Field field : Codes.class.getDeclaredFields()) {
      boolean isCode = Modifier.isPublic(field.getModifiers()) && field.getType() == String.class;
      if (isCode && !named.contains((String) field.get(null))) {
        missing.add((String) field.get(null));
      }
    }
    assertThat(missing).as("codes without a rule").isEmpty();
  }

  @Test
  void everyCaseHasANameOfItsOwn() {
    List<String> names = GoldenCase.all().stream().map(GoldenCase::name).toList();
    assertThat(names).doesNotHaveDuplicates();
  }
}
