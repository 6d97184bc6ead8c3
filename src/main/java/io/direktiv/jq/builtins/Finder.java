package io.direktiv.jq.builtins;

/// Finds a text in another in linear time.
///
/// `String.indexOf` is fast on ordinary texts but compares `n * m` characters on hostile ones
/// (`aaa…` in search of `aaa…b`), during which nothing could stop it. Long parts are therefore
/// searched by Knuth, Morris and Pratt's table of borders.
final class Finder {
  /// Parts up to this length go to `indexOf`.
  private static final int SHORT_CHARS = 16;

  private static final int CHARS_PER_STEP = 16;

  private Finder() {}

  /// Where `part` begins in `text` at or after `from`; -1 when it does not.
  static int find(String text, String part, int from, Budget budget) {
    if (part.length() <= SHORT_CHARS) {
      int at = text.indexOf(part, from);
      budget.work(((at < 0 ? text.length() : at) - from) / CHARS_PER_STEP);
      return at;
    }
    int[] borders = borders(part, budget);
    int matched = 0;
    for (int i = from; i < text.length(); i++) {
      if (i % CHARS_PER_STEP == 0) {
        budget.step();
      }
      while (matched > 0 && text.charAt(i) != part.charAt(matched)) {
        matched = borders[matched - 1];
      }
      matched += text.charAt(i) == part.charAt(matched) ? 1 : 0;
      if (matched == part.length()) {
        return i + 1 - matched;
      }
    }
    return -1;
  }

  /// For each prefix of `part` the length of its longest proper prefix that is also its end.
  private static int[] borders(String part, Budget budget) {
    budget.build(4L * part.length());
    budget.work(part.length() / CHARS_PER_STEP);
    int[] borders = new int[part.length()];
    int matched = 0;
    for (int i = 1; i < part.length(); i++) {
      while (matched > 0 && part.charAt(i) != part.charAt(matched)) {
        matched = borders[matched - 1];
      }
      matched += part.charAt(i) == part.charAt(matched) ? 1 : 0;
      borders[i] = matched;
    }
    return borders;
  }
}
