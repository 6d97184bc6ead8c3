package io.direktiv.local.jq;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.texts.JsonTextException;
import io.direktiv.json.texts.JsonTexts;
import io.direktiv.json.texts.JsonTexts.Form;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a command line from left to right, as jq does: what comes later wins, a wrong option is
/// refused when it is met, and `--help` and `--version` answer at once.
final class Arguments {
  /// What a command line comes to.
  sealed interface Meaning {
    /// Evaluate a program.
    record Run(JqOptions options) implements Meaning {}

    /// Run a file of tests.
    record Tests(Optional<List<String>> library, List<String> arguments) implements Meaning {}

    /// Answer from knowledge.
    enum Answer implements Meaning {
      HELP,
      VERSION,
      CONFIGURATION
    }
  }

  private static final int INDENT_MAX = 7;

  private final List<String> arguments;
  private final Io io;
  private final List<String> files = new ArrayList<>();
  private final Map<String, Json> named = new LinkedHashMap<>();
  private final List<Json> positional = new ArrayList<>();
  private final Map<String, String> secrets = new LinkedHashMap<>();
  private List<String> library;
  private String program;
  private String workflow;
  private String state;
  private Meaning answer;
  private int at;
  private boolean isOptionsEnded;
  private boolean areRestStrings;
  private boolean areRestTexts;
  private boolean isFromFile;
  private boolean isNull;
  private boolean isRawInput;
  private boolean isSlurped;
  private boolean isSequence;
  private Form form = Form.WHOLE;
  private boolean isRawOutput;
  private JqOptions.End end = JqOptions.End.LINE;
  private boolean isFlushed;
  private boolean isStatusWanted;
  private Style.Layout layout = Style.Layout.LINES;
  private int indent = 2;
  private boolean isSorted;
  private boolean isAscii;
  private boolean isColorWanted;
  private boolean isColorRefused;

  private Arguments(List<String> arguments, Io io) {
    this.arguments = arguments;
    this.io = io;
  }

  /// Reads `arguments`.
  ///
  /// @param err where a wrong `JQ_COLORS` is reported
  /// @throws Refusal when they are wrong
  static Meaning read(List<String> arguments, Io io, Sink err) {
    Arguments reader = new Arguments(arguments, io);
    while (reader.at < arguments.size() && reader.answer == null) {
      reader.argument(arguments.get(reader.at++));
    }
    return reader.answer == null ? new Meaning.Run(reader.options(err)) : reader.answer;
  }

  private void argument(String text) {
    if (isOptionsEnded || !isOption(text)) {
      word(text);
    } else if (text.equals("--")) {
      isOptionsEnded = true;
    } else if (text.startsWith("--")) {
      option(text.substring(2), text);
    } else {
      String rest = text.substring(1);
      while (!rest.isEmpty() && answer == null) {
        char letter = rest.charAt(0);
        rest = rest.substring(1);
        if (letter == 'L') {
          library(
              rest.isEmpty()
                  ? parameters("-L takes a parameter: (e.g. -L /search/path or -L/search/path)", 1)
                      .getFirst()
                  : rest);
          return;
        }
        option(Help.longName(letter), "-" + letter);
      }
    }
  }

  private static boolean isOption(String text) {
    return text.length() > 1
        && text.charAt(0) == '-'
        && (text.charAt(1) == '-'
            || (text.charAt(1) | 0x20) >= 'a' && (text.charAt(1) | 0x20) <= 'z');
  }

  private void word(String text) {
    if (program == null) {
      program = text;
    } else if (areRestStrings) {
      positional.add(Json.of(text));
    } else if (areRestTexts) {
      positional.add(json(text, "--jsonargs"));
    } else {
      files.add(text);
    }
  }

  private void option(String name, String written) {
    if (!formOption(name) && !inputOption(name) && !valueOption(name) && !otherOption(name)) {
      throw Refusal.usage("jq: Unknown option " + written + Help.nearest(written));
    }
  }

  private boolean formOption(String name) {
    switch (name) {
      case "compact-output" -> layout = Style.Layout.COMPACT;
      case "tab" -> lines(-1);
      case "indent" -> lines(indent(parameters("jq: --indent takes one parameter", 1).getFirst()));
      case "sort-keys" -> isSorted = true;
      case "ascii-output" -> isAscii = true;
      case "color-output" -> isColorWanted = true;
      case "monochrome-output" -> isColorRefused = true;
      case "raw-output" -> isRawOutput = true;
      case "raw-output0" -> raw(JqOptions.End.NUL);
      case "join-output" -> raw(JqOptions.End.NOTHING);
      case "unbuffered" -> isFlushed = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private void lines(int blanks) {
    layout = Style.Layout.LINES;
    indent = blanks;
  }

  private void raw(JqOptions.End after) {
    isRawOutput = true;
    end = after;
  }

  private static int indent(String text) {
    try {
      int blanks = Integer.parseInt(text.strip());
      if (blanks >= -1 && blanks <= INDENT_MAX) {
        return blanks;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw Refusal.usage("jq: --indent takes a number between -1 and 7");
  }

  private boolean inputOption(String name) {
    switch (name) {
      case "null-input" -> isNull = true;
      case "raw-input" -> isRawInput = true;
      case "slurp" -> isSlurped = true;
      case "stream" -> form = form == Form.WHOLE ? Form.EVENTS : form;
      case "stream-errors" -> form = Form.EVENTS_AND_ERRORS;
      case "seq" -> isSequence = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean valueOption(String name) {
    switch (name) {
      case "arg" -> {
        List<String> two = two(name, "--arg varname value");
        named.putIfAbsent(two.get(0), Json.of(two.get(1)));
      }
      case "argjson" -> {
        List<String> two = two(name, "--argjson varname text");
        named.computeIfAbsent(two.get(0), _ -> json(two.get(1), "--argjson"));
      }
      case "slurpfile", "rawfile" -> {
        List<String> two = two(name, "--" + name + " varname filename");
        named.computeIfAbsent(two.get(0), _ -> load(name, two.get(0), two.get(1)));
      }
      case "args" -> {
        areRestStrings = true;
        areRestTexts = false;
      }
      case "jsonargs" -> {
        areRestStrings = false;
        areRestTexts = true;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean otherOption(String name) {
    switch (name) {
      case "from-file" -> isFromFile = true;
      case "library-path" ->
          library(parameters("jq: --library-path takes a parameter", 1).getFirst());
      case "exit-status" -> isStatusWanted = true;
      case "binary" -> {
        // Output is binary wherever this runs.
      }
      case "help" -> answer = Meaning.Answer.HELP;
      case "version" -> answer = Meaning.Answer.VERSION;
      case "build-configuration" -> answer = Meaning.Answer.CONFIGURATION;
      case "run-tests" ->
          answer =
              new Meaning.Tests(
                  Optional.ofNullable(library), arguments.subList(at, arguments.size()));
      case "debug-dump-disasm", "debug-trace", "debug-trace=all" ->
          throw Refusal.usage("jq: there is no bytecode to show with --" + name);
      case "workflow" -> workflow = parameters("jq: --workflow takes a file", 1).getFirst();
      case "state" -> state = parameters("jq: --state takes the id of a state", 1).getFirst();
      case "secret" -> secret(parameters("jq: --secret takes NAME=@FILE or NAME=ENV:VARIABLE", 1));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void library(String path) {
    if (library == null) {
      library = new ArrayList<>();
    }
    library.add(path);
  }

  private void secret(List<String> given) {
    int equals = given.getFirst().indexOf('=');
    if (equals < 1) {
      throw Refusal.usage("jq: --secret takes NAME=@FILE or NAME=ENV:VARIABLE");
    }
    secrets.put(given.getFirst().substring(0, equals), given.getFirst().substring(equals + 1));
  }

  private List<String> two(String name, String example) {
    return parameters("jq: --" + name + " takes two parameters (e.g. " + example + ")", 2);
  }

  private List<String> parameters(String refusal, int count) {
    if (arguments.size() - at < count) {
      throw Refusal.usage(refusal);
    }
    at += count;
    return arguments.subList(at - count, at);
  }

  private static Json json(String text, String option) {
    try {
      return JsonTexts.one(text);
    } catch (JsonTextException _) {
      throw Refusal.usage("jq: invalid JSON text passed to " + option);
    }
  }

  private static Json load(String option, String name, String file) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of(file));
      return option.equals("rawfile")
          ? Json.of(new String(bytes, StandardCharsets.UTF_8))
          : JsonArray.of(texts(bytes));
    } catch (IOException | InvalidPathException e) {
      throw badFile(option, name, file, "Could not open " + file + ": " + Source.reason(e));
    } catch (JsonTextException e) {
      throw badFile(option, name, file, e.getMessage());
    }
  }

  private static List<Json> texts(byte[] bytes) {
    JsonTexts texts = new JsonTexts(Form.WHOLE, false);
    texts.feed(bytes, 0, bytes.length);
    texts.end();
    List<Json> values = new ArrayList<>();
    for (Json value = texts.next(); value != null; value = texts.next()) {
      values.add(value);
    }
    return values;
  }

  private static Refusal badFile(String option, String name, String file, String why) {
    return new Refusal(
        ExitCode.SYSTEM, "jq: Bad JSON in --" + option + " " + name + " " + file + ": " + why);
  }

  private JqOptions options(Sink err) {
    if (workflow == null && (state != null || !secrets.isEmpty())) {
      throw Refusal.usage("jq: --state and --secret need --workflow FILE");
    }
    Style style = new Style(layout, indent, isSorted, isAscii, colors(err));
    return new JqOptions(
        program(),
        files,
        named,
        positional,
        Optional.ofNullable(library),
        new JqOptions.Reading(isNull, isRawInput, isSlurped, form, isSequence),
        new JqOptions.Writing(style, isRawOutput, end, isSequence, isFlushed),
        isStatusWanted,
        Optional.ofNullable(workflow)
            .map(
                file -> new JqOptions.InState(Path.of(file), Optional.ofNullable(state), secrets)));
  }

  private Optional<JqOptions.Program> program() {
    if (program != null) {
      return Optional.of(new JqOptions.Program(program, isFromFile));
    }
    boolean isDefault = !isFromFile && !(io.isInTerminal() && io.isOutTerminal());
    return isDefault && workflow == null
        ? Optional.of(new JqOptions.Program(".", false))
        : Optional.empty();
  }

  private Colors colors(Sink err) {
    boolean isQuiet = !io.environment().getOrDefault("NO_COLOR", "").isEmpty();
    Colors colors = Colors.standard();
    String given = io.environment().get("JQ_COLORS");
    if (given != null) {
      Optional<Colors> own = Colors.of(given);
      if (own.isEmpty()) {
        err.line("Failed to set $JQ_COLORS");
      }
      colors = own.orElse(colors);
    }
    boolean isWanted = isColorWanted || io.isOutTerminal() && !isQuiet;
    return isWanted && !isColorRefused ? colors : Colors.NONE;
  }
}
