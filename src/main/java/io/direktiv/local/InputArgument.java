package io.direktiv.local;

import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.server.FileTrouble;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Reads the option `--input`: JSON text, `@FILE`, or `-` for the standard input.
public final class InputArgument {
  private InputArgument() {}

  /// The JSON that `input` means.
  ///
  /// @param input null when it was left out, which means `{}`
  /// @param spec whose arguments are wrong when it means none
  public static Json read(String input, CommandSpec spec) {
    if (input == null) {
      return JsonObject.EMPTY;
    }
    boolean isText = !input.equals(Source.STANDARD_INPUT) && !input.startsWith("@");
    try {
      return isText ? Json.parse(input) : Json.parse(bytes(input, spec));
    } catch (IOException e) {
      throw refuse(spec, "--input " + input + " cannot be read: " + FileTrouble.reason(e));
    } catch (JsonException e) {
      throw refuse(spec, "--input is not JSON: " + e.getMessage());
    }
  }

  private static byte[] bytes(String input, CommandSpec spec) throws IOException {
    if (input.equals("@")) {
      throw refuse(spec, "--input @ names no file; write --input @FILE");
    }
    byte[] bytes =
        input.equals(Source.STANDARD_INPUT)
            ? Source.bounded(System.in)
            : Source.bounded(Path.of(input.substring(1)));
    if (bytes.length > Source.BYTES_MAX) {
      throw refuse(spec, "--input " + input + " has more than " + Source.BYTES_MAX + " bytes");
    }
    return bytes;
  }

  private static ParameterException refuse(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
