package io.direktiv.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The formats of draft 7 (JSON Schema Validation, section 7.3).
class SchemaFormatsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          date-time             | 2026-01-02T03:04:05Z   | yesterday
          date                  | 2026-01-02             | 2026-13-02
          time                  | 03:04:05Z              | 25:04:05Z
          email                 | a.b@example.com        | nobody
          idn-email             | ä@example.com          | nobody
          hostname              | www.example.com        | -bad-.example
          ipv4                  | 192.0.2.1              | 192.0.2.300
          ipv6                  | 2001:db8::1            | 2001:db8::1::2
          uri                   | https://example.com/a  | //example.com
          uri-reference         | ../a                   | \\\\a
          uri-template          | https://a/{b}          | https://a/{b
          json-pointer          | /a/b                   | a/b
          relative-json-pointer | 1/a                    | /a
          regex                 | ^a+$                   | ^(a
          """)
  void enforces(String format, String good, String bad) throws InvalidSchemaException {
    // given
    Schema schema =
        Schema.compile(Json.parse("{\"type\":\"string\",\"format\":\"" + format + "\"}"));

    // then
    assertThat(schema.validate(Json.of(good))).isEmpty();
    assertThat(schema.validate(Json.of(bad))).hasSize(1);
  }
}
