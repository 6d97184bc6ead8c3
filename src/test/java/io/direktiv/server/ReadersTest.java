package io.direktiv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How texts become values.
class ReadersTest {
  @ParameterizedTest
  @CsvSource({"500ms,PT0.5S", "10s,PT10S", "15m,PT15M", "12h,PT12H", "7d,P7D", "PT1H30M,PT1H30M"})
  void readsDurations(String text, Duration expected) {
    assertThat(Readers.duration(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0s", "-1s", "1", "1y", "soon", "PT-1S", "off"})
  void refusesWhatIsNoDuration(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Readers.duration(text));
  }

  @ParameterizedTest
  @CsvSource({"1024,1024", "64KiB,65536", "16 mib,16777216", "10GiB,10737418240", "1024B,1024"})
  void readsSizes(String text, long expected) {
    assertThat(Readers.bytes(1).read(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "16MB", "lots", "0", "99999999999TiB"})
  void refusesWhatIsNoSize(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Readers.bytes(1).read(text));
  }

  @ParameterizedTest
  @CsvSource({"1,1B", "1000,1000B", "1024,1KiB", "8388608,8MiB"})
  void namesTheLeastSizeInTheLargestUnitThatFits(long least, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Readers.bytes(least).read("-"))
        .withMessageEndingWith(" of at least " + expected);
  }

  @Test
  void readsOffAsNoTimeout() {
    assertThat(Readers.durationOrOff("OFF")).isEmpty();
    assertThat(Readers.durationOrOff("1h")).contains(Duration.ofHours(1));
  }
}
