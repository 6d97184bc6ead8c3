package io.direktiv.functions.image.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a registry wants to be shown (RFC 9110, section 11.6.1).
///
/// @param scheme `bearer` or `basic`
record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z0-9_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))");
  private static final Pattern SCHEME = Pattern.compile("(?i)(?:^|,)\\s*(bearer|basic)(?=\\s|$)");

  Challenge {
    parameters = Map.copyOf(parameters);
  }

  /// The best of the challenges in `WWW-Authenticate` headers: Bearer, else Basic.
  static Optional<Challenge> of(List<String> headers) {
    Optional<Challenge> basic = Optional.empty();
    for (String header : headers) {
      // What stands in quotes is no scheme.
      String bare = header.replaceAll("\"(?:[^\"\\\\]|\\\\.)*\"", "");
      Matcher scheme = SCHEME.matcher(bare);
      while (scheme.find()) {
        String word = scheme.group(1).toLowerCase(Locale.ROOT);
        if (word.equals("bearer")) {
          return Optional.of(new Challenge(word, parameters(header)));
        }
        basic = Optional.of(new Challenge(word, Map.of()));
      }
    }
    return basic;
  }

  private static Map<String, String> parameters(String header) {
    int start = header.toLowerCase(Locale.ROOT).indexOf("bearer");
    Map<String, String> found = new HashMap<>();
    Matcher matcher = PARAMETER.matcher(header.substring(start));
    while (matcher.find()) {
      String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      found.putIfAbsent(
          matcher.group(1).toLowerCase(Locale.ROOT), value.replaceAll("\\\\(.)", "$1"));
    }
    return found;
  }
}
