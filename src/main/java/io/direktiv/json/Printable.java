package io.direktiv.json;

/// Text that others wrote, made safe to print on a terminal.
public final class Printable {
  private static final int REPLACEMENT = 0xFFFD;

  private Printable() {}

  /// `text` with each control character but tabs and line feeds replaced by U+FFFD: they would move
  /// the cursor, set the title of the window, or do worse.
  public static String of(String text) {
    if (text.codePoints().noneMatch(Printable::isControl)) {
      return text;
    }
    return text.codePoints()
        .map(point -> isControl(point) ? REPLACEMENT : point)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isControl(int point) {
    return Character.isISOControl(point) && point != '\t' && point != '\n';
  }
}
