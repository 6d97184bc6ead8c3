package io.direktiv.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.direktiv.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The input rules of reference 1.3, "Instance creation".
class InputsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"name": "Alan"} | {"name":"Alan"}
          [1, 2]           | [1,2]
          "text"           | "text"
          null             | null
          1.50             | 1.50
          hello            | "aGVsbG8="
          {"name":         | "eyJuYW1lIjo="
          NaN              | "TmFO"
          """)
  void isTheJsonThatWasSentOrBase64(String sent, String expected) {
    // when
    Json data = Inputs.lenient(sent.getBytes(StandardCharsets.UTF_8));

    // then
    assertThat(data.toString()).isEqualTo(expected);
  }

  @Test
  void isAnEmptyStringWhenNothingWasSent() {
    assertThat(Inputs.lenient(new byte[0]).toString()).isEqualTo("\"\"");
  }

  @Test
  void keepsBytesThatAreNoTextAsBase64() {
    assertThat(Inputs.lenient(new byte[] {(byte) 0xff, 0, 1}).toString()).isEqualTo("\"/wAB\"");
  }

  @Test
  void refusesWhatNestsTooDeepInsteadOfTakingItForBytes() {
    // given
    int depth = Limits.JSON_DEPTH_MAX + 1;
    String deep = "[".repeat(depth) + "]".repeat(depth);

    // when, then
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> Inputs.lenient(deep.getBytes(StandardCharsets.UTF_8)))
        .withMessageContaining("the body cannot be read: nesting deeper than 1000 at line 1")
        .returns(ApiException.Kind.INVALID, ApiException::kind);
  }

  @Test
  void refusesWhatIsTooLong() {
    // given
    byte[] tooLong = new byte[Limits.INPUT_BYTES_MAX + 1];

    // when, then
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> Inputs.lenient(tooLong))
        .withMessage("the body has 16777217 bytes, but at most 16777216 are allowed")
        .returns(ApiException.Kind.TOO_LARGE, ApiException::kind);
  }
}
