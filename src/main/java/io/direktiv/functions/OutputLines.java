package io.direktiv.functions;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Cuts a stream of bytes into lines of text, each of a bounded length. For one thread.
public final class OutputLines {
  private final Consumer<String> lines;
  private final byte[] line = new byte[Limits.LOG_LINE_BYTES_MAX];
  private int length;
  private long cut;

  /// Hands each line to `lines`.
  public OutputLines(Consumer<String> lines) {
    this.lines = lines;
  }

  /// Takes more bytes.
  public void write(byte[] bytes, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      if (bytes[i] == '\n') {
        end();
      } else if (length < line.length) {
        line[length++] = bytes[i];
      } else {
        cut++;
      }
    }
  }

  /// Hands on a last line that no line feed ends.
  public void flush() {
    if (length > 0) {
      end();
    }
  }

  private void end() {
    int end = length > 0 && line[length - 1] == '\r' && cut == 0 ? length - 1 : length;
    String text = new String(line, 0, end, StandardCharsets.UTF_8).replace('\0', '�');
    lines.accept(cut == 0 ? text : text + "… (" + cut + " more bytes were cut)");
    length = 0;
    cut = 0;
  }
}
