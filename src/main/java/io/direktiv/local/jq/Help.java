package io.direktiv.local.jq;

import io.direktiv.jq.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// What the command says about itself.
final class Help {
  /// The jq whose language, options and messages these are.
  static final String VERSION = "1.8.2";

  private static final List<String> OPTIONS =
      List.of(
          "null-input",
          "raw-input",
          "slurp",
          "stream",
          "stream-errors",
          "seq",
          "compact-output",
          "raw-output",
          "raw-output0",
          "join-output",
          "ascii-output",
          "sort-keys",
          "color-output",
          "monochrome-output",
          "tab",
          "indent",
          "unbuffered",
          "exit-status",
          "from-file",
          "library-path",
          "arg",
          "argjson",
          "slurpfile",
          "rawfile",
          "args",
          "jsonargs",
          "workflow",
          "state",
          "secret",
          "run-tests",
          "build-configuration",
          "version",
          "help");

  private Help() {}

  static String text() {
    try (InputStream in = Help.class.getResourceAsStream("help.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What stands on a terminal that was given nothing to do.
  static String brief() {
    return text().lines().limit(8).reduce("", (a, b) -> a + b + "\n") + "\nSee: direktiv jq --help";
  }

  /// What `$JQ_BUILD_CONFIGURATION` is.
  static String configuration() {
    String version =
        Optional.ofNullable(Help.class.getPackage().getImplementationVersion()).orElse("unpacked");
    return "direktiv " + version + ", Java " + Runtime.version() + ", regular expressions by joni";
  }

  /// The long name of an option with one letter; the letter itself when there is none.
  static String longName(char letter) {
    return switch (letter) {
      case 's' -> "slurp";
      case 'r' -> "raw-output";
      case 'j' -> "join-output";
      case 'c' -> "compact-output";
      case 'C' -> "color-output";
      case 'M' -> "monochrome-output";
      case 'a' -> "ascii-output";
      case 'S' -> "sort-keys";
      case 'R' -> "raw-input";
      case 'n' -> "null-input";
      case 'f' -> "from-file";
      case 'b' -> "binary";
      case 'e' -> "exit-status";
      case 'h' -> "help";
      case 'V' -> "version";
      default -> String.valueOf(letter);
    };
  }

  /// `; did you mean …?` for a long option that is nearly one.
  static String nearest(String option) {
    if (!option.startsWith("--")) {
      return "";
    }
    return Nearest.to(option.substring(2), OPTIONS)
        .map(name -> "\nhint: did you mean --" + name + "?")
        .orElse("");
  }
}
