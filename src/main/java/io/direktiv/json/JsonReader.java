package io.direktiv.json;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Reads JSON text into values without recursion, so that depth costs heap and not stack.
public final class JsonReader {
  private final String text;
  private final JsonLimits limits;
  private int at;

  private JsonReader(String text, JsonLimits limits) {
    this.text = text;
    this.limits = limits;
  }

  /// Reads exactly one JSON value; blanks around it are allowed.
  ///
  /// @throws JsonException when `text` is something else or exceeds `limits`
  public static Json read(String text, JsonLimits limits) {
    JsonReader reader = new JsonReader(text, limits);
    if (text.length() > limits.charsMax()) {
      throw new JsonException(
          "JSON text of "
              + text.length()
              + " characters is longer than the limit of "
              + limits.charsMax(),
          1,
          1,
          true);
    }
    Json value = reader.value();
    reader.blanks();
    if (reader.at < text.length()) {
      throw reader.error("unexpected " + reader.found() + " after the JSON value");
    }
    return value;
  }

  private static final class Open {
    final List<Json> elements;
    final JsonObject.Builder members;
    String key;

    Open(boolean isArray) {
      elements = isArray ? new ArrayList<>() : null;
      members = isArray ? null : JsonObject.builder();
    }

    Json close() {
      return elements != null ? JsonArray.of(elements) : members.build();
    }
  }

  private Json value() {
    Deque<Open> open = new ArrayDeque<>();
    Json done = null;
    while (true) {
      if (done == null) {
        blanks();
        char c = peek();
        if (c == '[' || c == '{') {
          at++;
          if (open.size() >= limits.depthMax()) {
            throw error("nesting deeper than " + limits.depthMax(), true);
          }
          Open level = new Open(c == '[');
          blanks();
          if (peek() == (c == '[' ? ']' : '}')) {
            at++;
            done = level.close();
          } else {
            open.push(level);
            if (c == '{') {
              level.key = key();
            }
            continue;
          }
        } else {
          done = scalar(c);
        }
      }
      if (open.isEmpty()) {
        return done;
      }
      done = attach(open, done);
    }
  }

  /// Puts `value` into the innermost container; returns that container when it closes, else null.
  private Json attach(Deque<Open> open, Json value) {
    Open level = open.peek();
    boolean isArray = level.elements != null;
    if (isArray) {
      level.elements.add(value);
    } else {
      level.members.put(level.key, value);
    }
    blanks();
    char c = peek();
    if (c == ',') {
      at++;
      if (!isArray) {
        blanks();
        level.key = key();
      }
      return null;
    }
    if (c == (isArray ? ']' : '}')) {
      at++;
      open.pop();
      return level.close();
    }
    throw error("expected ',' or '" + (isArray ? ']' : '}') + "' but found " + found());
  }

  private String key() {
    if (peek() != '"') {
      throw error("expected a key in double quotes but found " + found());
    }
    String key = string();
    blanks();
    if (peek() != ':') {
      throw error("expected ':' after the key but found " + found());
    }
    at++;
    return key;
  }

  private Json scalar(char c) {
    return switch (c) {
      case '"' -> Json.of(string());
      case 't' -> word("true", Json.TRUE);
      case 'f' -> word("false", Json.FALSE);
      case 'n' -> word("null", Json.NULL);
      default -> number();
    };
  }

  private Json word(String word, Json value) {
    if (!text.startsWith(word, at)) {
      throw error("expected a JSON value but found " + found());
    }
    at += word.length();
    return value;
  }

  private Json number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    int whole = digits();
    if (whole == 0 || (whole > 1 && text.charAt(at - whole) == '0')) {
      at = start;
      throw error("expected a JSON value but found " + found());
    }
    if (peek() == '.') {
      at++;
      if (digits() == 0) {
        throw error("expected a digit after the decimal point but found " + found());
      }
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      if (digits() == 0) {
        throw error("expected a digit in the exponent but found " + found());
      }
    }
    return JsonNumber.literal(text.substring(start, at));
  }

  private int digits() {
    int start = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    return at - start;
  }

  private String string() {
    int start = ++at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        return text.substring(start, at++);
      }
      if (c == '\\') {
        return escaped(start);
      }
      if (c < ' ') {
        throw error("a control character must be escaped inside a string");
      }
      at++;
    }
    throw error("the string is not closed");
  }

  private String escaped(int start) {
    StringBuilder value = new StringBuilder(text.substring(start, at));
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      if (c < ' ') {
        at--;
        throw error("a control character must be escaped inside a string");
      }
      value.append(c == '\\' ? escape() : c);
    }
    throw error("the string is not closed");
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hex();
      default -> {
        at--;
        throw error("unknown escape in a string");
      }
    };
  }

  private char hex() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw error("expected four hexadecimal digits after \\u but found " + found());
      }
      value = value * 16 + digit;
      at++;
    }
    return (char) value;
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private String found() {
    return at < text.length() ? "'" + Character.toString(text.codePointAt(at)) + "'" : "the end";
  }

  private JsonException error(String message) {
    return error(message, false);
  }

  private JsonException error(String message, boolean isLimit) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(at, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new JsonException(message, line, column, isLimit);
  }
}
