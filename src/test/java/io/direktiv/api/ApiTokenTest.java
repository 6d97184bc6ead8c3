package io.direktiv.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The text of a token.
class ApiTokenTest {
  @Test
  void hasAPrefixRandomCharactersAndAChecksum() {
    ApiToken token = ApiToken.draw(new SecureRandom());

    assertThat(token.text()).matches("dk_[0-9A-Za-z]{49}");
    assertThat(ApiToken.isWellFormed(token.text())).isTrue();
    assertThat(token).hasToString("ApiToken[redacted]");
  }

  @Test
  void isAnotherEachTime() {
    SecureRandom random = new SecureRandom();

    assertThat(ApiToken.draw(random).text()).isNotEqualTo(ApiToken.draw(random).text());
  }

  @Test
  void isNotWellFormedWhenOneCharacterIsAnother() {
    String text = ApiToken.draw(new Random(1)).text();
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == 'x' ? 'y' : 'x';
      String mistyped = text.substring(0, i) + other + text.substring(i + 1);
      assertThat(ApiToken.isWellFormed(mistyped)).as(mistyped).isFalse();
    }
    assertThat(ApiToken.isWellFormed(text.substring(1))).isFalse();
    assertThat(ApiToken.isWellFormed("")).isFalse();
  }
}
