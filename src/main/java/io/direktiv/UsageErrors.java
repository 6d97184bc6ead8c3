package io.direktiv;

import io.direktiv.model.read.Nearest;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says what is wrong with a command line in one sentence, and where the whole help is.
final class UsageErrors {
  private UsageErrors() {}

  /// Prints the sentence to stderr and returns the exit code.
  static int explain(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("direktiv: " + sentence(e, command));
    err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String sentence(ParameterException e, CommandLine command) {
    boolean isGroup = !command.getSubcommands().isEmpty();
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unknown(unmatched, isGroup, command);
    }
    if (isGroup && e.getArgSpec() == null && !(e instanceof MissingParameterException)) {
      return "say what to do: "
          + command.getSubcommands().keySet().stream()
              .filter(name -> !name.equals("help"))
              .collect(Collectors.joining(", "));
    }
    return e.getMessage();
  }

  private static String unknown(
      UnmatchedArgumentException e, boolean isGroup, CommandLine command) {
    String word = e.getUnmatched().getFirst();
    List<String> near =
        word.startsWith("-") ? nearestOption(word, command) : nearestCommand(word, e);
    String found =
        word.startsWith("-")
            ? "there is no option \"" + word + "\""
            : isGroup
                ? "there is no command \"" + word + "\""
                : "\"" + word + "\" is one argument too many";
    return near.isEmpty() ? found : found + "; did you mean " + near.getFirst() + "?";
  }

  /// The parser's own suggestions may be far from what was written: `--config` for `--concurency`.
  private static List<String> nearestOption(String word, CommandLine command) {
    String name = word.replaceFirst("=.*", "");
    return Nearest.to(name, command.getCommandSpec().optionsMap().keySet()).stream().toList();
  }

  private static List<String> nearestCommand(String word, UnmatchedArgumentException e) {
    return e.getSuggestions().stream()
        .map(other -> other.replaceFirst("^direktiv ", ""))
        .filter(other -> other.charAt(0) == word.charAt(0))
        .toList();
  }
}
