package io.direktiv.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Literals are compared as `BigDecimal` compares them, but in linear time.
class DecimalsTest {
  private static String literal(Random random) {
    StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "-" : "");
    text.append("0".repeat(random.nextInt(3)));
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      text.append("0019".charAt(random.nextInt(4)));
    }
    if (random.nextBoolean()) {
      text.append('.');
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        text.append("0019".charAt(random.nextInt(4)));
      }
    }
    if (random.nextInt(3) == 0) {
      text.append(random.nextBoolean() ? "e" : "E+").append(random.nextInt(4));
    } else if (random.nextInt(3) == 0) {
      text.append("e-").append(random.nextInt(4));
    }
    return text.toString();
  }

  @Test
  void comparesAsBigDecimalsDo() {
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      String a = literal(random);
      String b = literal(random);
      assertThat(Decimals.compare(a, b))
          .as("%s and %s", a, b)
          .isEqualTo(new BigDecimal(a).compareTo(new BigDecimal(b)));
    }
  }

  @Test
  void writesAsBigDecimalsDo() {
    Random random = new Random(8);
    for (int i = 0; i < 200_000; i++) {
      String text = literal(random);
      BigDecimal decimal = new BigDecimal(text);
      boolean isNegativeZero = text.charAt(0) == '-' && decimal.signum() == 0;
      assertThat(Decimals.canonical(text))
          .as(text)
          .isEqualTo((isNegativeZero ? "-" : "") + decimal);
    }
    assertThat(Decimals.canonical("12e99999999999")).isEqualTo("1.2E+100000000000");
  }

  @Test
  void knowsExponentsThatFitNoInteger() {
    assertThat(Decimals.compare("1e99999999999", "2e99999999998")).isPositive();
    assertThat(Decimals.compare("-1e99999999999", "2e-99999999998")).isNegative();
    assertThat(Decimals.compare("0e99999999999", "-0.0")).isZero();
  }

  @Test
  @Timeout(20)
  void takesNoTimeForAMillionDigits() {
    String digits = "9".repeat(1_000_000);
    for (int i = 0; i < 100; i++) {
      assertThat(Decimals.compare(digits + "1", digits + "0.9")).isPositive();
    }
  }
}
