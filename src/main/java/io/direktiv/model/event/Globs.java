package io.direktiv.model.event;

/// Globs of event filters: `*` stands for any text, every other character for itself.
final class Globs {
  private Globs() {}

  /// True when `glob` matches the whole of `text`; linear in both but for backtracking to the last
  /// star, so hostile globs cost at most their product.
  static boolean matches(String glob, String text) {
    int g = 0;
    int t = 0;
    int star = -1;
    int mark = 0;
    while (t < text.length()) {
      if (g < glob.length() && glob.charAt(g) == '*') {
        star = g++;
        mark = t;
      } else if (g < glob.length() && glob.charAt(g) == text.charAt(t)) {
        g++;
        t++;
      } else if (star >= 0) {
        g = star + 1;
        t = ++mark;
      } else {
        return false;
      }
    }
    while (g < glob.length() && glob.charAt(g) == '*') {
      g++;
    }
    return g == glob.length();
  }
}
