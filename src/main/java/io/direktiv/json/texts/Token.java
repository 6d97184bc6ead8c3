package io.direktiv.json.texts;

import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of a string, word or number that is not read to its end, and what they mean.
final class Token {
  private byte[] bytes = new byte[256];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
  }

  void add(byte b) {
    room(1);
    bytes[size++] = b;
  }

  void add(byte[] from, int start, int end) {
    room(end - start);
    System.arraycopy(from, start, bytes, size, end - start);
    size += end - start;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      if (size > Integer.MAX_VALUE / 2 - more) {
        throw new JsonTextException("Token too long");
      }
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  /// The word or number that was gathered; nothing is gathered afterwards.
  Json word() {
    int end = size;
    Json value = word(bytes, 0, end);
    size = 0;
    return value;
  }

  static Json word(byte[] bytes, int start, int end) {
    return switch (bytes[start]) {
      case 't' -> literal("true", Json.TRUE, bytes, start, end);
      case 'f' -> literal("false", Json.FALSE, bytes, start, end);
      case '\'' -> throw new JsonTextException("Invalid string literal; expected \", but got '");
      case 'n' ->
          end - start > 1 && bytes[start + 1] == 'u'
              ? literal("null", Json.NULL, bytes, start, end)
              : number(bytes, start, end);
      default -> number(bytes, start, end);
    };
  }

  private static Json literal(String word, Json value, byte[] bytes, int start, int end) {
    if (end - start == word.length()) {
      int i = 0;
      while (i < word.length() && bytes[start + i] == word.charAt(i)) {
        i++;
      }
      if (i == word.length()) {
        return value;
      }
    }
    throw new JsonTextException("Invalid literal");
  }

  private static Json number(byte[] bytes, int start, int end) {
    String text = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    boolean isSigned = text.startsWith("-") || text.startsWith("+");
    int digits = isSigned ? 1 : 0;
    if (isDecimal(text, digits)) {
      return JsonNumber.literal(text.startsWith("+") ? text.substring(1) : text);
    }
    return switch (text.substring(digits).toLowerCase(java.util.Locale.ROOT)) {
      case "nan" -> JsonNumber.of(Double.NaN);
      case "inf", "infinity" ->
          JsonNumber.of(text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
      default -> throw new JsonTextException("Invalid numeric literal");
    };
  }

  /// True for digits with at most one point among or around them, and an exponent.
  private static boolean isDecimal(String text, int start) {
    int i = digits(text, start);
    int count = i - start;
    if (i < text.length() && text.charAt(i) == '.') {
      int end = digits(text, i + 1);
      count += end - i - 1;
      i = end;
    }
    if (count == 0) {
      return false;
    }
    if (i < text.length() && (text.charAt(i) | 0x20) == 'e') {
      i++;
      if (i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
        i++;
      }
      int end = digits(text, i);
      return end > i && end == text.length();
    }
    return i == text.length();
  }

  private static int digits(String text, int start) {
    int i = start;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  /// A string without escapes.
  static Json plain(byte[] bytes, int start, int end) {
    boolean isAscii = true;
    for (int i = start; i < end; i++) {
      byte c = bytes[i];
      if (c < ' ') {
        if (c >= 0) {
          throw control();
        }
        isAscii = false;
      }
    }
    return Json.of(
        new String(
            bytes,
            start,
            end - start,
            isAscii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
  }

  private static JsonTextException control() {
    return new JsonTextException(
        "Invalid string: control characters from U+0000 through U+001F must be escaped");
  }

  /// The string that was gathered, with its escapes; nothing is gathered afterwards.
  Json string() {
    int in = 0;
    int out = 0;
    while (in < size) {
      byte c = bytes[in++];
      if (c == '\\') {
        c = bytes[in++];
        if (c == 'u') {
          int code = hex(in);
          in += 4;
          if (Character.isHighSurrogate((char) code)) {
            code = Character.toCodePoint((char) code, low(in));
            in += 6;
          }
          out = encode(code, out);
        } else {
          bytes[out++] = escaped(c);
        }
      } else if (c >= 0 && c < ' ') {
        throw control();
      } else {
        bytes[out++] = c;
      }
    }
    size = 0;
    return Json.of(new String(bytes, 0, out, StandardCharsets.UTF_8));
  }

  private static byte escaped(byte c) {
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> throw new JsonTextException("Invalid escape");
    };
  }

  private int hex(int start) {
    if (start + 4 > size) {
      throw new JsonTextException("Invalid \\uXXXX escape");
    }
    int value = 0;
    for (int i = start; i < start + 4; i++) {
      int digit = bytes[i] < 0 ? -1 : Character.digit((char) bytes[i], 16);
      if (digit < 0) {
        throw new JsonTextException("Invalid characters in \\uXXXX escape");
      }
      value = value * 16 + digit;
    }
    return value;
  }

  /// The second half of a pair.
  private char low(int start) {
    boolean isEscape = start + 6 <= size && bytes[start] == '\\' && bytes[start + 1] == 'u';
    if (isEscape) {
      try {
        int code = hex(start + 2);
        if (Character.isLowSurrogate((char) code)) {
          return (char) code;
        }
      } catch (JsonTextException _) {
        // Said below, as jq does.
      }
    }
    throw new JsonTextException("Invalid \\uXXXX\\uXXXX surrogate pair escape");
  }

  /// Writes a character where the escape, which is longer, stood; half a pair is unknown.
  private int encode(int code, int out) {
    int known = Character.isLowSurrogate((char) code) && code < 0x10000 ? 0xfffd : code;
    byte[] encoded = Character.toString(known).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(encoded, 0, bytes, out, encoded.length);
    return out + encoded.length;
  }
}
