package io.direktiv.cli;

import io.direktiv.client.Message;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/// Prints results, as lines and tables or as JSON; in UTF-8 wherever the program runs.
final class Output {
  /// Blanks that JSON is indented with, as v0.1.6 did.
  static final int INDENT = 4;

  private final OutputStream out;
  private final boolean isJson;

  /// Output to `out`.
  ///
  /// @param isJson what `--json` says
  Output(OutputStream out, boolean isJson) {
    this.out = out;
    this.isJson = isJson;
  }

  /// True when results are to be JSON.
  boolean isJson() {
    return isJson;
  }

  /// Says that something was done.
  void done(String message) {
    if (isJson) {
      json(JsonObject.builder().put("message", message).put("success", true).build());
    } else {
      line(message);
    }
  }

  /// Prints things of a list.
  ///
  /// @param whenEmpty the line that stands for an empty table
  /// @param row the cells of a thing
  void list(
      List<Message> things,
      String whenEmpty,
      List<String> headings,
      Function<Message, List<String>> row) {
    if (isJson) {
      jsonList(things.stream().map(GoJson::of).toList());
    } else if (things.isEmpty()) {
      line(whenEmpty);
    } else {
      bytes(Table.draw(headings, things.stream().map(row).toList()));
    }
  }

  /// Prints `{"list": […]}`, and `{}` for an empty list as Go does.
  void jsonList(List<? extends Json> elements) {
    JsonObject.Builder list = JsonObject.builder();
    if (!elements.isEmpty()) {
      list.put("list", JsonArray.of(elements));
    }
    json(list.build());
  }

  /// Prints a value over several lines.
  void json(Json value) {
    line(JsonWriter.indented(value, INDENT));
  }

  /// Prints a line.
  void line(String text) {
    bytes(text + "\n");
  }

  private void bytes(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Prints bytes as they are.
  ///
  /// @throws OutputClosedException when nobody reads them
  void bytes(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      boolean isPipe = e.getMessage() != null && e.getMessage().contains("Broken pipe");
      if (isPipe) {
        throw new OutputClosedException();
      }
      throw new UserException("the output cannot be written: " + e.getMessage());
    }
  }
}
