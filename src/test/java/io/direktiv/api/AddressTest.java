package io.direktiv.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which addresses other machines reach.
class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:80, true",
    "127.9.9.9:80, true",
    "[::1]:80, true",
    "[::ffff:127.0.0.1]:80, true",
    "localhost:80, true",
    "0.0.0.0:80, false",
    "[::]:80, false",
    ":80, false",
    "192.0.2.1:80, false",
    "no-such-name.invalid:80, false"
  })
  void knowsWhatOnlyThisMachineReaches(String text, boolean isLoopback) {
    assertThat(Address.parse(text).isLoopback()).isEqualTo(isLoopback);
  }
}
