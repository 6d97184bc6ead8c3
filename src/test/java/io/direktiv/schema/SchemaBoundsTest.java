package io.direktiv.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonLimits;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Schemas come from strangers: none of them takes long, fetches anything or ends a thread. What
/// takes long would take years, so the timeout tells the two apart on any machine.
@Timeout(60)
class SchemaBoundsTest {
  private static Schema schema(String text) throws InvalidSchemaException {
    return Schema.compile(Json.parse(text));
  }

  @Test
  void boundsCatastrophicPatterns() throws InvalidSchemaException {
    // given
    Schema schema = schema("{\"pattern\": \"^(a|aa|a)+$\"}");
    // when
    boolean isValid = schema.validate(Json.of("a".repeat(60) + "b")).isEmpty();
    // then
    assertThat(isValid).isFalse();
  }

  @Test
  void boundsCatastrophicPatternsOfPropertyNames() throws InvalidSchemaException {
    // given
    Schema schema = schema("{\"patternProperties\": {\"^(a|aa|a)+$\": false}}");
    JsonObject value = JsonObject.of("a".repeat(60) + "b", Json.NULL);
    // when
    boolean isValid = schema.validate(value).isEmpty();
    // then
    assertThat(isValid).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"items\": {\"pattern\": \"^(a|aa|a)+$\"}}",
        "{\"items\": {\"propertyNames\": {\"pattern\": \"^(a|aa|a)+$\"}}}",
        "{\"items\": {\"patternProperties\": {\"^(a|aa|a)+$\": true}}}",
        "{\"items\": {\"patternProperties\": {\"^(a|aa|a)+$\": true},"
            + " \"additionalProperties\": true}}"
      })
  void boundsManySlowSearchesTogether(String text) throws InvalidSchemaException {
    // given
    Schema schema = schema(text);
    String slow = "a".repeat(60) + "b";
    Json element = text.contains("roper") ? JsonObject.of(slow, Json.NULL) : Json.of(slow);
    JsonArray value = JsonArray.of(Collections.nCopies(1_000, element));
    // when
    List<Schema.Violation> violations = schema.validate(value);
    // then
    assertThat(violations).extracting(Schema.Violation::message).anyMatch(m -> m.contains("2 s"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"type\": \"null\"}", "{\"type\": \"string\"}"})
  void boundsReferencesThatDouble(String leaf) {
    // given
    StringBuilder text = new StringBuilder("{\"$ref\": \"#/definitions/d0\", \"definitions\": {");
    for (int i = 0; i < 40; i++) {
      String next = "{\"$ref\": \"#/definitions/d" + (i + 1) + "\"}";
      text.append("\"d" + i + "\": {\"allOf\": [" + next + ", " + next + "]}, ");
    }
    text.append("\"d40\": " + leaf + "}}");
    // then
    assertThatThrownBy(() -> schema(text.toString()))
        .isInstanceOf(InvalidSchemaException.class)
        .hasMessageContaining("longer than 2 s");
  }

  @Test
  void boundsUniquenessOfManyElements() throws InvalidSchemaException {
    // given
    Schema schema = schema("{\"uniqueItems\": true}");
    List<Json> elements = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      elements.add(JsonArray.of(Json.of(i)));
    }
    // then
    assertThat(schema.validate(JsonArray.of(elements))).hasSizeLessThan(2);
  }

  @Test
  void tellsMatchedPropertiesFromAdditionalOnes() throws InvalidSchemaException {
    // given
    Schema schema =
        schema(
            "{\"properties\": {\"id\": {\"type\": \"integer\"}},"
                + " \"patternProperties\": {\"^x-\": {\"type\": \"string\"}},"
                + " \"additionalProperties\": false}");
    // then
    assertThat(schema.validate(Json.parse("{\"id\": 1, \"x-a\": \"b\"}"))).isEmpty();
    assertThat(schema.validate(Json.parse("{\"id\": 1, \"y\": 1}")))
        .extracting(Schema.Violation::place)
        .containsExactly("/y");
    assertThat(schema.validate(Json.parse("{\"x-a\": 1}")))
        .extracting(Schema.Violation::place)
        .containsExactly("/x-a");
    assertThat(schema.validate(Json.of("no object"))).isEmpty();
  }

  @Test
  void findsThePropertiesOfASchemaWithAnId() throws InvalidSchemaException {
    // given
    Schema schema =
        schema(
            "{\"$id\": \"http://example.com/root\", \"properties\": {\"in\": {\"$id\":"
                + " \"inner\", \"patternProperties\": {\"a\": {\"type\": \"string\"}},"
                + " \"additionalProperties\": {\"type\": \"null\"}}}}");
    // then
    assertThat(schema.validate(Json.parse("{\"in\": {\"a\": \"s\", \"b\": null}}"))).isEmpty();
    assertThat(schema.validate(Json.parse("{\"in\": {\"a\": 1, \"b\": 1}}")))
        .extracting(Schema.Violation::place)
        .contains("/in/a", "/in/b");
  }

  @Test
  void neverFetchesAReference() {
    assertThatThrownBy(() -> schema("{\"$ref\": \"http://127.0.0.1:1/x.json\"}"))
        .isInstanceOf(InvalidSchemaException.class)
        .hasMessageContaining("not fetched");
  }

  @Test
  void endsOnDeepValuesAndSchemas() throws InvalidSchemaException {
    Schema recursive = schema("{\"items\": {\"$ref\": \"#\"}}");
    Json deep =
        JsonReader.read("[".repeat(9_000) + "]".repeat(9_000), new JsonLimits(9_000, 1 << 20));
    assertThat(recursive.validate(deep)).hasSizeLessThan(2);
    String nested = "{\"not\": ".repeat(9_000) + "{}" + "}".repeat(9_000);
    assertThatThrownBy(() -> schema(nested)).isInstanceOf(InvalidSchemaException.class);
    assertThatThrownBy(() -> schema("{\"$ref\": \"#\"}"))
        .isInstanceOf(InvalidSchemaException.class);
  }

  @Test
  void comparesHugeNumbersWithoutWritingThemOut() throws InvalidSchemaException {
    Schema schema = schema("{\"type\": \"number\", \"maximum\": 10}");
    assertThat(schema.validate(Json.parse("1e1000000000"))).isNotEmpty();
    assertThat(schema.validate(Json.parse("1e-1000000000"))).isEmpty();
  }

  @Test
  void readsTheDraftsThatASchemaNames() throws InvalidSchemaException {
    Schema later =
        schema(
            "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\","
                + " \"prefixItems\": [{\"type\": \"string\"}]}");
    assertThat(later.validate(Json.parse("[1]"))).isNotEmpty();
    Schema seven = schema("{\"if\": {\"const\": 1}, \"then\": false}");
    assertThat(seven.validate(Json.of(1))).isNotEmpty();
    assertThat(seven.validate(Json.of(2))).isEmpty();
  }
}
