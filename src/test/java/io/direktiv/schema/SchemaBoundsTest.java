package io.direktiv.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.json.Json;
import io.direktiv.json.JsonLimits;
import io.direktiv.json.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
