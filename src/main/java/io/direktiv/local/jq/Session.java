package io.direktiv.local.jq;

import io.direktiv.jq.Query;
import io.direktiv.jq.QueryException;
import io.direktiv.jq.QueryHaltException;
import io.direktiv.jq.QueryLimitException;
import io.direktiv.jq.QueryLimits;
import io.direktiv.jq.QueryOptions;
import io.direktiv.jq.QueryOptions.Grant;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.modules.ModuleFolders;
import io.direktiv.json.Json;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonString;
import io.direktiv.json.texts.JsonTextException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Evaluates one program over all inputs and prints what comes out.
final class Session {
  /// The folder of the program's launcher.
  static final Path ORIGIN = Path.of(System.getProperty("direktiv.home", "")).toAbsolutePath();

  /// A user's own program may take what the machine has.
  static final QueryLimits LIMITS =
      new QueryLimits(Duration.ofDays(36_500), Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  /// What became of an input; the exit code of `-e` when it is below zero.
  private static final int FALSY = -ExitCode.FALSY;

  private static final int SILENT = -ExitCode.SILENT;

  private final JqOptions options;
  private final Io io;
  private final Sink out;
  private final Sink err;
  private final Printer printer;
  private final Source source;
  private final Inputs inputs;
  private final Host host;
  private boolean isHalted;

  Session(JqOptions options, Io io, Sink out, Sink err) {
    this.options = options;
    this.io = io;
    this.out = out;
    this.err = err;
    this.printer = new Printer(out, options.writing().style());
    List<String> files = options.files().isEmpty() ? List.of("-") : options.files();
    this.source = new Source(files, io.in(), err, out::flush);
    this.inputs = new Inputs(source, options.reading());
    this.host = new Host(options, io, source, inputs, out, err);
  }

  /// Runs and returns the exit code.
  int run() {
    Query query;
    try {
      query = compile(options.program().orElseThrow(() -> missing()));
    } catch (QuerySyntaxException e) {
      err.line(Reports.of(e));
      return ExitCode.COMPILE;
    }
    int status = options.reading().isNull() ? evaluate(query, Json.NULL) : evaluateAll(query);
    if (source.failures() > 0) {
      return ExitCode.SYSTEM;
    }
    return options.isStatusWanted() ? Math.abs(status) : Math.max(status, ExitCode.OK);
  }

  private static Refusal missing() {
    return new Refusal(ExitCode.SYSTEM, Help.brief());
  }

  private Query compile(JqOptions.Program program) throws QuerySyntaxException {
    List<String> variables = new ArrayList<>(options.named().keySet());
    variables.add("ARGS");
    if (!variables.contains("JQ_BUILD_CONFIGURATION")) {
      variables.add("JQ_BUILD_CONFIGURATION");
    }
    Path folder = Path.of("");
    String text = program.text();
    if (program.isFile()) {
      folder = Path.of(text).toAbsolutePath().getParent();
      text = read(text);
    }
    QueryOptions granted =
        QueryOptions.NONE
            .with(modules(folder.toAbsolutePath()))
            .withVariables(variables.toArray(String[]::new))
            .granting(Grant.INPUT, Grant.HALT);
    return Query.compile(text, granted);
  }

  private ModuleFolders modules(Path folder) {
    ModuleFolders modules = new ModuleFolders(searchPath(options.library()), folder, ORIGIN);
    String home = io.environment().getOrDefault("HOME", "");
    return home.isEmpty() ? modules : modules.of(Path.of(home));
  }

  /// The folders of `-L`, from here; without any, those where jq looks.
  static List<String> searchPath(Optional<List<String>> asked) {
    return asked
        .map(folders -> folders.stream().map(Session::real).toList())
        .orElse(List.of("~/.jq", "$ORIGIN/../lib/jq", "$ORIGIN/../lib"));
  }

  private static String real(String folder) {
    if (folder.startsWith("~") || folder.startsWith("$ORIGIN")) {
      return folder;
    }
    try {
      return Path.of(folder).toRealPath().toString();
    } catch (IOException _) {
      return folder;
    }
  }

  private static String read(String file) {
    try {
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw new Refusal(ExitCode.SYSTEM, "jq: Could not open " + file + ": It's a directory");
      }
      return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    } catch (IOException | InvalidPathException e) {
      throw new Refusal(ExitCode.SYSTEM, "jq: Could not open " + file + ": " + Source.reason(e));
    }
  }

  /// The status of the last input; when that gave nothing, of the last one that gave something.
  private int evaluateAll(Query query) {
    int status = SILENT;
    int last = SILENT;
    while (source.failures() == 0 && !isHalted) {
      Json input;
      try {
        input = inputs.next();
      } catch (JsonTextException e) {
        if (!options.reading().isSequence()) {
          complain("jq: parse error: " + e.getMessage());
          return ExitCode.ERROR;
        }
        complain("jq: ignoring parse error: " + e.getMessage());
        continue;
      }
      if (input == null) {
        break;
      }
      status = evaluate(query, input);
      last = status <= 0 && status != SILENT ? status : last;
    }
    return status == SILENT ? last : status;
  }

  private int evaluate(Query query, Json input) {
    int[] status = {SILENT};
    try {
      query.each(input, LIMITS, host, output -> status[0] = write(output));
      return status[0];
    } catch (QueryHaltException e) {
      isHalted = true;
      e.value().ifPresent(host::last);
      return e.exitCode();
    } catch (QueryException e) {
      String text =
          e.value() instanceof JsonString message
              ? ": " + message.value()
              : " (not a string): " + e.value();
      complain("jq: error (at " + source.position() + ")" + text);
      return ExitCode.ERROR;
    } catch (QueryLimitException e) {
      complain("jq: error (at " + source.position() + "): " + e.getMessage());
      return ExitCode.ERROR;
    }
  }

  private void complain(String message) {
    out.flush();
    err.line(message);
  }

  private int write(Json value) {
    JqOptions.Writing writing = options.writing();
    if (writing.isRaw() && value instanceof JsonString string) {
      raw(string, writing);
    } else {
      if (writing.isSequence()) {
        out.put(0x1e);
      }
      printer.print(value);
    }
    switch (writing.end()) {
      case LINE -> out.put('\n');
      case NUL -> out.put(0);
      case NOTHING -> {
        // The next output follows at once.
      }
    }
    if (writing.isFlushed() || io.isOutTerminal()) {
      out.flush();
    }
    return value instanceof JsonNull || value == JsonBoolean.FALSE ? FALSY : ExitCode.OK;
  }

  private void raw(JsonString string, JqOptions.Writing writing) {
    if (writing.style().isAscii()) {
      new Printer(out, new Style(Style.Layout.COMPACT, 0, false, true, Colors.NONE)).print(string);
      return;
    }
    if (writing.end() == JqOptions.End.NUL && string.value().indexOf('\0') >= 0) {
      String message = "Cannot dump a string containing NUL with --raw-output0 option";
      throw new QueryException(message, Json.of(message));
    }
    out.text(string.value());
  }
}
