package io.direktiv.json;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// Reads JSON text into values without recursion, so that depth costs heap and not stack.
public final class JsonReader {
  /// How many keys are remembered.
  private static final int KNOWN_MAX = 256;

  private static final int EXACT_DIGITS_MAX = 15;

  private final String text;
  private final JsonLimits limits;
  private String[] keys;
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

  /// A container that is being read.
  private static final class Open {
    final Members.Growing members;
    Json[] elements;
    int size;
    String key;

    Open(boolean isArray) {
      elements = isArray ? new Json[4] : null;
      members = isArray ? null : new Members.Growing(Members.NONE);
    }

    void add(Json element) {
      if (size == elements.length) {
        elements = Arrays.copyOf(elements, 2 * size);
      }
      elements[size++] = element;
    }

    Json close() {
      return elements != null ? JsonArray.taking(elements, size) : JsonObject.of(members.close());
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
      level.add(value);
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
    String key = known(at + 1);
    blanks();
    if (peek() != ':') {
      throw error("expected ':' after the key but found " + found());
    }
    at++;
    return key;
  }

  /// A key, as the same object when it was met before.
  private String known(int start) {
    int hash = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        at = i + 1;
        return known(start, i, (hash ^ hash >>> 8) & KNOWN_MAX - 1);
      }
      if (c == '\\' || c < ' ') {
        break;
      }
      hash = 31 * hash + c;
    }
    return string();
  }

  private String known(int start, int end, int place) {
    if (keys == null) {
      keys = new String[KNOWN_MAX];
    }
    String before = keys[place];
    if (before != null
        && before.length() == end - start
        && text.regionMatches(start, before, 0, end - start)) {
      return before;
    }
    String key = text.substring(start, end);
    keys[place] = key;
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
    int digitsStart = at;
    int whole = digits();
    if (whole == 0 || (whole > 1 && text.charAt(at - whole) == '0')) {
      at = start;
      throw error("expected a JSON value but found " + found());
    }
    char after = peek();
    boolean isInteger = after != '.' && after != 'e' && after != 'E';
    if (isInteger && whole <= EXACT_DIGITS_MAX && (start == digitsStart || whole > 1)) {
      return integer(digitsStart, start < digitsStart);
    }
    if (peek() == '.') {
      at++;
      int places = digits();
      if (places == 0) {
        throw error("expected a digit after the decimal point but found " + found());
      }
      boolean hasExponent = peek() == 'e' || peek() == 'E';
      if (start == digitsStart && !hasExponent && whole + places <= EXACT_DIGITS_MAX) {
        return JsonNumber.decimal(text.substring(start, at), value(start), places);
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

  /// An integer that a double holds exactly, so that its text need not be kept.
  private Json integer(int from, boolean isNegative) {
    long value = value(from);
    return JsonNumber.of(isNegative ? -value : value);
  }

  /// The digits from `from` on, as if there were no point between them.
  private long value(int from) {
    long value = 0;
    for (int i = from; i < at; i++) {
      char c = text.charAt(i);
      value = c == '.' ? value : value * 10 + (c - '0');
    }
    return value;
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
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
        return;
      }
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
