package io.direktiv.engine.expression;

import io.direktiv.engine.Codes;
import java.util.Map;
import java.util.Set;

/// Patterns of error codes: globs over the whole code, with `*`, `?` and classes in brackets.
public final class Globs {
  /// Codes of releases of the original that stand for codes of ours (settled.md).
  private static final Map<String, Set<String>> ALIASES =
      Map.of(
          Codes.TIMEOUT_SOFT, Set.of(Codes.TIMEOUT),
          Codes.FUNCTION_IMAGE, Set.of("au.com.direktiv.error.image"),
          Codes.FUNCTION_EXIT, Set.of("au.com.direktiv.error.internal"),
          Codes.FUNCTION_MEMORY, Set.of("au.com.direktiv.error.internal"),
          Codes.FUNCTION_TIMEOUT, Set.of("au.com.direktiv.error.internal"),
          Codes.FUNCTION_OUTPUT, Set.of("au.com.direktiv.error.internal"),
          Codes.FUNCTION_UNAVAILABLE, Set.of("au.com.direktiv.error.internal"));

  private Globs() {}

  /// True when `pattern` matches `code` or a name it had earlier.
  public static boolean matchesCode(String pattern, String code) {
    return matches(pattern, code)
        || ALIASES.getOrDefault(code, Set.of()).stream().anyMatch(old -> matches(pattern, old));
  }

  /// True when `pattern` matches the whole of `text`.
  private static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int mark = 0;
    while (t < text.length()) {
      int length =
          p < pattern.length() && pattern.charAt(p) != '*' ? unit(pattern, p, text.charAt(t)) : 0;
      if (length > 0) {
        p += length;
        t++;
      } else if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = t;
      } else if (star >= 0) {
        p = star + 1;
        t = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /// The length of the pattern's unit at `p` when it matches `c`, else 0.
  private static int unit(String pattern, int p, char c) {
    char first = pattern.charAt(p);
    if (first == '?') {
      return 1;
    }
    int close = first == '[' ? pattern.indexOf(']', p + 2) : -1;
    if (close < 0) {
      return first == c ? 1 : 0;
    }
    boolean isNegated = pattern.charAt(p + 1) == '!' || pattern.charAt(p + 1) == '^';
    boolean isIn = isInClass(pattern.substring(p + (isNegated ? 2 : 1), close), c);
    return isIn != isNegated ? close - p + 1 : 0;
  }

  private static boolean isInClass(String members, char c) {
    for (int i = 0; i < members.length(); i++) {
      if (i + 2 < members.length() && members.charAt(i + 1) == '-') {
        if (members.charAt(i) <= c && c <= members.charAt(i + 2)) {
          return true;
        }
        i += 2;
      } else if (members.charAt(i) == c) {
        return true;
      }
    }
    return false;
  }
}
