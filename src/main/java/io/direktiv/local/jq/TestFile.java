package io.direktiv.local.jq;

import io.direktiv.jq.Query;
import io.direktiv.jq.QueryException;
import io.direktiv.jq.QueryHaltException;
import io.direktiv.jq.QueryHost;
import io.direktiv.jq.QueryLimitException;
import io.direktiv.jq.QueryOptions;
import io.direktiv.jq.QueryOptions.Grant;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.modules.ModuleFolders;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.texts.JsonTextException;
import io.direktiv.json.texts.JsonTexts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// A file of jq's tests: groups of a program, an input and the outputs that are expected, or of
/// `%%FAIL`, a program and the message with which it is refused.
///
/// Reports as jq does. As in jq, the order of an object's keys does not matter, and an error after
/// the expected outputs does not fail a test.
final class TestFile {
  private static final String REFUSED = "%%FAIL";
  private static final String REFUSED_ANYHOW = "%%FAIL IGNORE MSG";

  private final List<String> lines;
  private final Sink out;
  private final Sink err;
  private final Query equality;
  private final QueryOptions granted;
  private final QueryHost host;
  private final int skip;
  private final int take;
  private int at;
  private int tests;
  private int passed;
  private int malformed;
  private int skipped;

  TestFile(Arguments.Meaning.Tests asked, Io io, Sink out, Sink err) {
    String file = "-";
    int given = 0;
    int limit = -1;
    Iterator<String> words = asked.arguments().iterator();
    while (words.hasNext()) {
      String word = words.next();
      switch (word) {
        case "--skip" -> given = number(word, words);
        case "--take" -> limit = number(word, words);
        default -> file = word;
      }
    }
    this.skip = given;
    this.take = limit;
    this.lines = lines(file, io);
    this.out = out;
    this.err = err;
    this.granted =
        QueryOptions.NONE
            .with(
                new ModuleFolders(
                    Session.searchPath(asked.library()),
                    Path.of("").toAbsolutePath(),
                    Session.ORIGIN))
            .granting(Grant.INPUT, Grant.HALT);
    this.host = new TestHost(Host.environment(io));
    try {
      this.equality = Query.compile(".[0] == .[1]");
    } catch (QuerySyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private record TestHost(JsonObject environment) implements QueryHost {}

  private static int number(String option, Iterator<String> words) {
    try {
      return Math.max(0, Integer.parseInt(words.hasNext() ? words.next() : ""));
    } catch (NumberFormatException _) {
      throw Refusal.usage("jq: " + option + " takes a number of tests");
    }
  }

  private static List<String> lines(String file, Io io) {
    try {
      byte[] bytes = file.equals("-") ? io.in().readAllBytes() : Files.readAllBytes(Path.of(file));
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException | InvalidPathException e) {
      throw new Refusal(ExitCode.FALSY, "jq: " + file + ": " + Source.reason(e));
    }
  }

  /// Runs the tests and returns the exit code: 1 when one fails.
  int run() {
    boolean isRefused = false;
    boolean isAnyhow = false;
    while (at < lines.size()) {
      String line = lines.get(at++);
      if (isSkipped(line)) {
        continue;
      }
      if (line.equals(REFUSED) || line.equals(REFUSED_ANYHOW)) {
        isRefused = true;
        isAnyhow = line.equals(REFUSED_ANYHOW);
        continue;
      }
      if (skipped < skip) {
        skipped++;
        toBlank();
      } else if (take >= 0 && tests == take) {
        say("Hit the number of tests limit (" + take + "), breaking");
        break;
      } else {
        test(line, isRefused, isAnyhow);
      }
      isRefused = false;
    }
    return report();
  }

  private int report() {
    say(
        passed
            + " of "
            + tests
            + " tests passed ("
            + malformed
            + " malformed, "
            + skipped
            + " skipped)");
    if (skipped < skip) {
      say("WARN: skipped past the end of file, exiting with status 2");
      return ExitCode.SYSTEM;
    }
    return passed == tests ? ExitCode.OK : ExitCode.FALSY;
  }

  private void say(String line) {
    out.text(line);
    out.put('\n');
  }

  private static boolean isSkipped(String line) {
    String rest = line.stripLeading();
    return rest.isEmpty() || rest.startsWith("#");
  }

  private void toBlank() {
    while (at < lines.size() && !lines.get(at++).isEmpty()) {
      // Goes on.
    }
  }

  private void test(String program, boolean isRefused, boolean isAnyhow) {
    if (tests == 0 && skip > 0) {
      say("Skipped " + skip + " tests");
    }
    tests++;
    say("Test #" + (tests + skipped) + ": '" + program + "' at line number " + at);
    Query query;
    try {
      query = Query.compile(program, granted);
    } catch (QuerySyntaxException e) {
      if (isRefused) {
        refused(program, e.report(), isAnyhow);
      } else {
        err.line(Reports.of(e));
        say("*** Test program failed to compile at line " + at + ": " + program);
        malformed++;
        toBlank();
      }
      return;
    }
    if (isRefused) {
      say(
          "*** Test program compiled successfully, but should fail at line number "
              + at
              + ": "
              + program);
      malformed++;
      toBlank();
      return;
    }
    evaluate(program, query);
  }

  /// Compares the message with that of the last problem, line by line.
  private void refused(String program, String report, boolean isAnyhow) {
    List<String> message = new ArrayList<>();
    report
        .lines()
        .forEach(line -> {
          if (line.startsWith("jq: error")) {
            message.clear();
          }
          message.add(line);
        });
    message.removeLast();
    int i = 0;
    boolean isRight = true;
    for (; at < lines.size() && !lines.get(at).isEmpty(); at++, i++) {
      String found = i < message.size() ? message.get(i) : "";
      if (isRight && !isAnyhow && !found.equals(lines.get(at))) {
        say(
            "*** Erroneous program failed with '"
                + found
                + "', but expected '"
                + lines.get(at)
                + "' at line number "
                + (at + 1)
                + ": "
                + program);
        isRight = false;
      }
    }
    at++;
    if (isRight && !isAnyhow && i < message.size()) {
      String where = "' at line " + at + ": " + program;
      say("*** Erroneous program failed with extra message '" + message.get(i) + where);
      isRight = false;
    }
    passed += isRight ? 1 : 0;
    malformed += isRight ? 0 : 1;
  }

  private void evaluate(String program, Query query) {
    String text = at < lines.size() ? lines.get(at++) : "";
    Json input;
    try {
      input = JsonTexts.one(text);
    } catch (JsonTextException _) {
      say("*** Input is invalid on line " + at + ": " + text);
      malformed++;
      toBlank();
      return;
    }
    Iterator<Json> outputs = query.outputs(input, Session.LIMITS, host);
    boolean isRight = true;
    while (at < lines.size() && !isSkipped(lines.get(at++))) {
      Json expected;
      try {
        expected = JsonTexts.one(lines.get(at - 1));
      } catch (JsonTextException _) {
        say("*** Expected result is invalid on line " + at + ": " + lines.get(at - 1));
        malformed++;
        isRight = false;
        continue;
      }
      Optional<Json> found = next(outputs);
      if (found.isEmpty()) {
        say("*** Insufficient results for test at line number " + at + ": " + program);
        toBlank();
        return;
      }
      if (!areEqual(expected, found.get())) {
        String what = "*** Expected " + expected + ", but got " + found.get();
        say(what + " for test at line number " + at + ": " + program);
        isRight = false;
      }
    }
    Optional<Json> more = isRight ? next(outputs) : Optional.empty();
    more.ifPresent(value ->
        say(
            "*** Superfluous result: "
                + value
                + " for test at line number "
                + at
                + ", "
                + program));
    passed += isRight && more.isEmpty() ? 1 : 0;
  }

  /// The next output; nothing after an error.
  private static Optional<Json> next(Iterator<Json> outputs) {
    try {
      return outputs.hasNext() ? Optional.of(outputs.next()) : Optional.empty();
    } catch (QueryException | QueryLimitException | QueryHaltException _) {
      return Optional.empty();
    }
  }

  private boolean areEqual(Json expected, Json found) {
    return equality.all(JsonArray.of(expected, found), Session.LIMITS).getFirst() == Json.TRUE;
  }
}
