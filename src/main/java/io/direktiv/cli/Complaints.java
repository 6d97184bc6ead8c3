package io.direktiv.cli;

import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonWriter;
import io.direktiv.json.Printable;
import java.io.PrintStream;

/// Says on stderr what went wrong: a line for people, or with `--json` an object whose `success` is
/// false, as that of a result is true.
final class Complaints {
  private final PrintStream err;
  private final boolean isJson;

  /// Complaints to `err`.
  ///
  /// @param isJson what `--json` says
  Complaints(PrintStream err, boolean isJson) {
    this.err = err;
    this.isJson = isJson;
  }

  /// True when they are JSON.
  boolean isJson() {
    return isJson;
  }

  /// What the server or an instance said: `[code] message`.
  void coded(String code, String message) {
    if (isJson) {
      print(JsonObject.builder().put("code", code), message);
    } else {
      err.println("[" + Printable.of(code) + "] " + Printable.of(message));
    }
  }

  /// A problem on this side: `direkcli: message`.
  void own(String message) {
    if (isJson) {
      print(JsonObject.builder(), message);
    } else {
      err.println("direkcli: " + Printable.of(message));
    }
  }

  /// A command line that makes no sense: the problem, and the command whose help says more.
  void usage(String message, String command) {
    if (isJson) {
      own(message + "; see: " + command + " --help");
    } else {
      own(message);
      err.println("See: " + command + " --help");
    }
  }

  private void print(JsonObject.Builder object, String message) {
    object.put("message", message).put("success", false);
    err.println(JsonWriter.indented(object.build(), Output.INDENT));
  }
}
