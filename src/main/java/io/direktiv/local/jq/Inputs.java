package io.direktiv.local.jq;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.texts.JsonTexts;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The inputs of a program: JSON texts, lines, or all of them as one.
final class Inputs {
  private final Source source;
  private final JsonTexts texts;
  private ByteArrayOutputStream line = new ByteArrayOutputStream();
  private List<Json> slurped;

  /// What `reading` says of `source`.
  Inputs(Source source, JqOptions.Reading reading) {
    this.source = source;
    this.texts = reading.isRaw() ? null : new JsonTexts(reading.form(), reading.isSequence());
    this.slurped = reading.isSlurped() ? new ArrayList<>() : null;
  }

  /// The next input, or null (Java's) when there is none.
  ///
  /// @throws io.direktiv.json.texts.JsonTextException when a text is not JSON
  Json next() {
    return texts == null ? nextLine() : nextText();
  }

  private Json nextText() {
    boolean isLast = false;
    do {
      if (texts.isDrained()) {
        isLast = source.advance();
        texts.feed(source.bytes(), source.from(), source.to());
        if (isLast) {
          texts.end();
        }
      }
      Json value = texts.next();
      if (value != null) {
        if (slurped == null) {
          return value;
        }
        slurped.add(value);
      }
    } while (!isLast || slurped != null && !texts.isDrained());
    if (slurped == null) {
      return null;
    }
    Json all = JsonArray.of(slurped);
    slurped = null;
    return all;
  }

  private Json nextLine() {
    if (line == null) {
      return null;
    }
    boolean isLast;
    do {
      isLast = source.advance();
      int size = source.to() - source.from();
      boolean isWhole = size > 0 && source.bytes()[source.to() - 1] == '\n';
      if (slurped == null && isWhole) {
        line.write(source.bytes(), source.from(), size - 1);
        return takeLine();
      }
      line.write(source.bytes(), source.from(), size);
    } while (!isLast);
    Json rest = line.size() > 0 || slurped != null ? takeLine() : null;
    line = null;
    return rest;
  }

  private Json takeLine() {
    Json text = Json.of(line.toString(StandardCharsets.UTF_8));
    line.reset();
    return text;
  }
}
