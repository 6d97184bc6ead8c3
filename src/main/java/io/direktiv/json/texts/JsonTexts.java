package io.direktiv.json.texts;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import java.nio.charset.StandardCharsets;

/// Reads JSON texts one after another from bytes that arrive in pieces. For one thread.
///
/// The caller feeds a piece and asks for values until there are none, then feeds the next, and in
/// the end says so. Only the text that is being read is held, of events ([Form#EVENTS]) only their
/// path.
///
/// After an error the rest of the piece is skipped and reading may go on with the next one; within
/// a sequence of RFC 7464 it goes on at once.
public final class JsonTexts {
  /// What values come of a text.
  public enum Form {
    /// The text's value.
    WHOLE,
    /// `[path, leaf]` and `[path]` for each leaf and end.
    EVENTS,
    /// The same, and `[message, path]` in the place of an error.
    EVENTS_AND_ERRORS
  }

  private enum State {
    BETWEEN,
    STRING,
    ESCAPE,
    LOST
  }

  private static final byte[] NOTHING = {};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
  private static final int RECORD_SEPARATOR = 0x1e;

  /// What a byte is outside of strings: 0 for a part of a word or number.
  private static final byte[] CLASSES = new byte[256];

  private static final byte BLANK = 1;
  private static final byte MARK = 2;
  private static final byte QUOTE = 3;
  private static final byte SEPARATOR = 4;

  static {
    for (char c : " \t\r\n".toCharArray()) {
      CLASSES[c] = BLANK;
    }
    for (char c : "[]{},:".toCharArray()) {
      CLASSES[c] = MARK;
    }
    CLASSES['"'] = QUOTE;
    CLASSES[RECORD_SEPARATOR] = SEPARATOR;
  }

  private final Shape shape;
  private final boolean areErrorsValues;
  private final boolean isSequence;
  private final Token token = new Token();
  private byte[] bytes = NOTHING;
  private int from;
  private int at;
  private int to;
  private State state;
  private boolean isBlankBefore;
  private int markBytes;
  private boolean isMarkBroken;
  private boolean isEnded;
  private int line = 1;
  private int column;

  /// A reader at the beginning.
  ///
  /// @param isSequence true when each text begins with a record separator (RFC 7464)
  public JsonTexts(Form form, boolean isSequence) {
    this.shape = form == Form.WHOLE ? new WholeShape() : new EventShape();
    this.areErrorsValues = form == Form.EVENTS_AND_ERRORS;
    this.isSequence = isSequence;
    this.state = isSequence ? State.LOST : State.BETWEEN;
  }

  /// Reads exactly one text, which may be anything that jq accepts.
  ///
  /// @throws JsonTextException with jq's message, which quotes `text`
  public static Json one(String text) {
    JsonTexts texts = new JsonTexts(Form.WHOLE, false);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      texts.feed(bytes, 0, bytes.length);
      Json value = texts.next();
      if (value == null) {
        texts.end();
        value = texts.next();
        if (value == null) {
          throw new JsonTextException("Expected JSON value");
        }
        return value;
      }
      Json second = texts.next();
      texts.end();
      if (second != null || texts.next() != null) {
        throw new JsonTextException("Unexpected extra JSON values");
      }
      return value;
    } catch (JsonTextException e) {
      throw new JsonTextException(e.getMessage() + " (while parsing '" + text + "')");
    }
  }

  /// Goes on with the bytes `[from, to)`, which the caller does not change until all were read.
  public void feed(byte[] piece, int from, int to) {
    countLines();
    bytes = piece;
    at = from;
    this.to = to;
    while (at < to && markBytes < BYTE_ORDER_MARK.length) {
      if (piece[at] == BYTE_ORDER_MARK[markBytes]) {
        at++;
        markBytes++;
      } else {
        isMarkBroken = markBytes > 0;
        markBytes = BYTE_ORDER_MARK.length;
      }
    }
    this.from = at;
  }

  /// There is nothing more to feed.
  public void end() {
    isEnded = true;
  }

  /// True when all that was fed is read.
  public boolean isDrained() {
    return at >= to;
  }

  /// The next value, or null (Java's) when it needs more, or after the end when there is none.
  ///
  /// @throws JsonTextException when the text is not JSON
  public Json next() {
    if (isMarkBroken) {
      isMarkBroken = false;
      if (!isSequence) {
        skipPiece();
        throw new JsonTextException("Malformed BOM");
      }
    }
    Json ready = shape.take();
    if (ready != null) {
      return ready;
    }
    while (at < to) {
      try {
        Json value = step();
        if (value != null) {
          return value;
        }
      } catch (JsonTextException e) {
        return failed(e);
      }
    }
    return isEnded ? last() : null;
  }

  /// Reads up to the next byte that decides something.
  private Json step() {
    return switch (state) {
      case BETWEEN -> between();
      case STRING -> string();
      case ESCAPE -> {
        if (bytes[at] == RECORD_SEPARATOR && isSequence) {
          yield separator();
        }
        token.add(bytes[at++]);
        state = State.STRING;
        yield null;
      }
      case LOST -> {
        if (bytes[at++] == RECORD_SEPARATOR) {
          state = State.BETWEEN;
        }
        yield null;
      }
    };
  }

  private Json between() {
    int start = at;
    while (at < to && isWord(CLASSES[bytes[at] & 0xff])) {
      at++;
    }
    if (at > start) {
      isBlankBefore = false;
      if (at == to || !token.isEmpty()) {
        token.add(bytes, start, at);
        return null;
      }
    }
    byte mark = bytes[at];
    byte kind = CLASSES[mark & 0xff];
    if (kind == SEPARATOR) {
      token.add(bytes, start, at);
      return separator();
    }
    int end = at++;
    isBlankBefore = kind == BLANK;
    word(start, end);
    Json value = shape.take();
    if (kind == QUOTE) {
      state = State.STRING;
    } else if (kind == MARK) {
      shape.mark(mark);
      return value == null ? shape.take() : value;
    }
    return value;
  }

  private boolean isWord(byte kind) {
    return kind == 0 || kind == SEPARATOR && !isSequence;
  }

  private void word(int start, int end) {
    if (!token.isEmpty()) {
      shape.value(token.word());
    } else if (end > start) {
      shape.value(Token.word(bytes, start, end));
    }
  }

  private Json string() {
    int start = at;
    int i = start;
    byte c = 0;
    while (i < to) {
      c = bytes[i];
      if (c == '"' || c == '\\' || c == RECORD_SEPARATOR && isSequence) {
        break;
      }
      i++;
    }
    at = i;
    isBlankBefore = false;
    if (i == to) {
      token.add(bytes, start, i);
      return null;
    }
    if (c == RECORD_SEPARATOR) {
      token.add(bytes, start, i);
      return separator();
    }
    at++;
    if (c == '\\') {
      token.add(bytes, start, at);
      state = State.ESCAPE;
      return null;
    }
    if (token.isEmpty()) {
      shape.value(Token.plain(bytes, start, i));
    } else {
      token.add(bytes, start, i);
      shape.value(token.string());
    }
    state = State.BETWEEN;
    return shape.take();
  }

  /// A record separator begins a text, whatever came before it.
  private Json separator() {
    at++;
    if (shape.isCut(isBlankBefore, !token.isEmpty())) {
      throw new JsonTextException(cut());
    }
    if (!token.isEmpty()) {
      shape.value(token.word());
    }
    Json value = state == State.BETWEEN ? shape.take() : null;
    if (value == null) {
      reset();
    }
    return value;
  }

  private String cut() {
    try {
      if (!token.isEmpty()) {
        shape.value(token.word());
      }
    } catch (JsonTextException _) {
      return "Truncated value";
    }
    return shape.endsWithNumber()
        ? "Potentially truncated top-level numeric value"
        : "Truncated value";
  }

  private void reset() {
    shape.reset();
    token.clear();
    state = State.BETWEEN;
  }

  private Json failed(JsonTextException e) {
    boolean isResynced = isSequence && bytes[at - 1] == RECORD_SEPARATOR;
    countLines();
    if (!isSequence) {
      skipPiece();
    }
    return error(e.getMessage(), "", isSequence && !isResynced ? " (need RS to resync)" : "");
  }

  private void skipPiece() {
    at = to;
    from = to;
  }

  /// The error as a value, or thrown.
  private Json error(String message, String where, String advice) {
    String text = message + where + " at line " + line + ", column " + column + advice;
    JsonArray path = shape.path();
    reset();
    if (areErrorsValues) {
      return JsonArray.of(Json.of(text), path);
    }
    throw new JsonTextException(text);
  }

  private Json last() {
    isEnded = false;
    countLines();
    if (state == State.LOST) {
      return error("Unfinished abandoned text", " at EOF", "");
    }
    if (state != State.BETWEEN) {
      return error("Unfinished string", " at EOF", "");
    }
    try {
      word(0, 0);
    } catch (JsonTextException e) {
      return error(e.getMessage(), " at EOF", "");
    }
    if (shape.isOpen()) {
      return error("Unfinished JSON term", " at EOF", "");
    }
    boolean isCut = isSequence && !isBlankBefore && shape.isCut(false, false);
    Json value = shape.takeLast();
    if (isCut && !(value instanceof JsonArray)) {
      return error("Potentially truncated top-level numeric value", " at EOF", "");
    }
    return value;
  }

  /// Brings line and column up to what was read.
  private void countLines() {
    for (int i = from; i < at; i++) {
      if (bytes[i] == '\n') {
        line++;
        column = 0;
      } else {
        column++;
      }
    }
    from = at;
  }
}
