package io.direktiv.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Text of functions on a terminal.
class PrintableTest {
  @Test
  void leavesTextAsItIs() {
    assertThat(Printable.of("Zoë\t🙂\nnext")).isEqualTo("Zoë\t🙂\nnext");
  }

  @Test
  void replacesWhatWouldSteerATerminal() {
    assertThat(Printable.of("\u001b]0;title\u0007a\rb\b\u009b2J\u007f\0"))
        .isEqualTo("\uFFFD]0;title\uFFFDa\uFFFDb\uFFFD\uFFFD2J\uFFFD\uFFFD");
  }
}
