package io.direktiv.api.http.exchange;

import io.direktiv.model.read.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads query strings and percent-encoded text.
public final class Query {
  private Query() {}

  /// The parameters of `query`, all of which must be among `known` and stand there once.
  public static Map<String, String> parse(String query, List<Parameter> known) {
    if (query == null || query.isEmpty()) {
      return Map.of();
    }
    Map<String, String> found = new HashMap<>();
    for (String pair : query.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
      requireKnown(name, known);
      if (found.put(name, value) != null) {
        throw Refusal.invalid(
            "the query parameter '" + name + "' is given more than once; give it once");
      }
    }
    return found;
  }

  private static void requireKnown(String name, List<Parameter> known) {
    for (Parameter parameter : known) {
      if (parameter.name().equals(name)) {
        return;
      }
    }
    throw Refusal.invalid(
        "the query parameter '"
            + shortened(name)
            + "' is not known here"
            + Nearest.hint(name, known.stream().map(Parameter::name).toList()));
  }

  /// The text that `text` spells with percent signs.
  ///
  /// @param isForm true reads `+` as a blank
  public static String decode(String text, boolean isForm) {
    if (text.indexOf('%') < 0 && (!isForm || text.indexOf('+') < 0)) {
      return text;
    }
    byte[] out = new byte[text.length() * 3];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        out[length++] = (byte) hex(text, i);
        i += 2;
      } else if (c == '+' && isForm) {
        out[length++] = ' ';
      } else if (c < 128) {
        out[length++] = (byte) c;
      } else {
        int end = i + Character.charCount(text.codePointAt(i));
        for (byte b : text.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
          out[length++] = b;
        }
        i = end - 1;
      }
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }

  private static int hex(String text, int at) {
    int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
    int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw Refusal.invalid(
          "'" + shortened(text) + "' has a '%' without two hexadecimal digits; write '%25' for it");
    }
    return high * 16 + low;
  }

  public static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
