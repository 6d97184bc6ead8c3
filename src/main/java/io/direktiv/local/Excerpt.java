package io.direktiv.local;

import io.direktiv.json.Printable;
import io.direktiv.model.Place;
import java.util.List;

/// The line of a source that a problem is about, and below it a mark at its column. Whatever the
/// source holds, it is safe to print: as wide as a screen, without control characters.
final class Excerpt {
  /// How many characters of a line are shown around the column.
  private static final int WIDTH_MAX = 96;

  private static final String CUT = "…";

  private Excerpt() {}

  /// The two lines; none when the source has no such line.
  static List<String> of(String source, Place place) {
    return source
        .lines()
        .skip(place.line() - 1L)
        .findFirst()
        .map(line -> marked(line.replace("\uFEFF", ""), place.column() - 1))
        .orElse(List.of());
  }

  private static List<String> marked(String line, int column) {
    int[] points = Printable.of(line).codePoints().toArray();
    int mark = Math.min(column, points.length);
    int begin = points.length <= WIDTH_MAX ? 0 : Math.max(0, mark - WIDTH_MAX / 2);
    int end = Math.min(points.length, begin + WIDTH_MAX);
    String before = (begin > 0 ? CUT : "") + new String(points, begin, mark - begin);
    String after = new String(points, mark, end - mark) + (end < points.length ? CUT : "");
    return List.of("  " + before + after, "  " + blanks(before) + "^");
  }

  /// As wide as `text` when it is printed: a blank for each character, tabs as they are.
  private static String blanks(String text) {
    StringBuilder blanks = new StringBuilder();
    text.codePoints().forEach(c -> blanks.append(c == '\t' ? '\t' : ' '));
    return blanks.toString();
  }
}
