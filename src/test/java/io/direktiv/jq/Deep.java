package io.direktiv.jq;

import java.util.ArrayList;
import java.util.List;

/// Queries that go as deep as they can: functions that call themselves in every position that a
/// query has, and documents nested thousands of levels.
public final class Deep {
  /// A query over a JSON text.
  public record Case(String query, String input) {
    @Override
    public String toString() {
      return query;
    }
  }

  private static final int DEPTH = 1_000;
  private static final String ARRAYS = "[".repeat(DEPTH) + "1" + "]".repeat(DEPTH);
  private static final String OBJECTS = "{\"a\":".repeat(DEPTH) + "1" + "}".repeat(DEPTH);

  /// What `f` does, `@` standing for its call by itself over a number that is one less.
  private static final List<String> CALLS =
      List.of(
          "@ + 1",
          "1 + @",
          "[@] | length",
          "[@, @ | 1] | length",
          "(@ | . + 0), empty",
          "@ | (., .) | select(. == 0)",
          "(try @ catch .), empty",
          "try (@, error(1)) catch .",
          "reduce @ as $x (0; . + $x)",
          "reduce (@, empty) as [$x] (0; .)?",
          "reduce (1, 2) as $x (@; 1)",
          "reduce 1 as $x (.; @)",
          "foreach @ as $x (0; . + $x)",
          "foreach (@, empty) as $x (0; . + $x, empty; ., empty)",
          "foreach 1 as $x (.; @; .)",
          "{a: @} | .a",
          "{a: (@, empty)} | .a",
          "{(@ | tostring): (1, empty)} | length",
          "label $x | (@, break $x)",
          "label $x | (break $x, @), 1",
          "first(@, 1)",
          "last(1, @)",
          "limit(1; @, 1)",
          "isempty(@, 1) | if . then 1 else 2 end",
          "[.] | sort_by(@) | length",
          "[.] | group_by(@, 1) | length",
          "[.] | map(@) | length",
          "[.] | any(@ == 0) | if . then 1 else 2 end",
          "[.] | .[0] |= @ | .[0]",
          "[[.]] | .[][] |= @ | .[0][0]",
          "[[.]] | (.[] | .[]) |= @ | .[0][0]",
          "{a: {b: .}} | .a.b |= @ | .a.b",
          "{a: .} | (.a | select(@ > -1)) |= 1 | .a",
          "{a: .} | (if .a == 0 then .a else .a end) |= @ | .a",
          "[.] | first(.[]) |= @ | .[0]",
          "[.] | .[0] = (.[0] | @) | .[0]",
          "[.] | .[0] = (.[0] | @, empty) | .[0]",
          "[.] | .[0] += (.[0] | @) | .[0]",
          "[.] | del(.[] | select(@ == -1)) | length",
          "[.] | [path(.[] | select(@ > -1))] | length",
          "[.] | [paths(type == \"number\" and @ > -1)] | length",
          "[[.]] | walk(if type == \"number\" then @ else . end) | .[0][0]",
          "\"\\(@)\" | length",
          "@json \"\\(@)\" | length",
          ". as $n | \"a\" | gsub(\"a\"; $n | @ | \"b\") | length",
          ". as [$a] ?// $a | $a | @",
          "(. as $a | $a | @) | . + 0",
          "(. as $a | ($a, empty) | @) | . + 0",
          "(@ // 1) + 0",
          "((@, empty) // 1) + 0",
          "@ + (1, empty)",
          "(1, empty) + @",
          "(@, empty) and (true, empty) | 1",
          "(true, empty) and (@, empty) | 1",
          "if (@, empty) then 1, empty else 2 end",
          "if @ then 1 else 2 end",
          "[limit(3; repeat(@))] | length",
          "[until(. <= 0; @)] | length",
          "[while(. > 0; @)] | length",
          "[range(0; @)] | length",
          "-(@)",
          "[.][@:] | length",
          "getpath([@ | empty]) | 1",
          "[splits(\"a\"; @ | null)?] | length",
          "ltrimstr(@)",
          "[recurse(if . > 0 then @ else empty end)] | length",
          "[.] | tostream | select(length == 2) | .[1] | @");

  private static final List<String> OTHERS =
      List.of(
          "def g(h): h; def f: if . <= 0 then . else g(. - 1 | f) + 1 end; 900 | f",
          "def g(h): [h][0]; def f: if . <= 0 then . else g(g(. - 1 | f)) end; 900 | f",
          "def f: def g: if . <= 0 then . else . - 1 | f end; g + 1; 900 | f",
          "def f(g): if . <= 0 then g else . - 1 | f(g + 1) end; 900 | f(0)",
          "def f($n): if $n <= 0 then 0 else f($n - 1) + 1 end; f(900)",
          "def f($n; $m): if $n <= 0 then $m else [f($n - 1; $m + 1)] end; f(900; 0)",
          "def f: (., 1) | if . <= 1 then . else . - 1 | f end; [limit(1000; 900 | f)] | length",
          "def f: if . <= 0 then . else . as [[[[[[[[[[$x]]]]]]]]]] | 1 end; try (1 | f) catch .",
          "[0 | recurse(if . < 900 then . + 1 else empty end)] | length",
          "[limit(900; def r: ., (. + 1 | r); 0 | r)] | length",
          "def r: 1 + (. | r); r",
          "def r: [r]; r",
          "def r: {a: r}; r",
          "def r: (r | .), 1; first(r)",
          "def r: reduce r as $x (0; .); r",
          "def r: .a |= r; r",
          "def r: path(r); first(r)",
          "[range(3)] | def r: map(r); r");

  private static final List<String> WALKS =
      List.of(
          "walk(if type == \"number\" then . + 1 else . end) | tojson | length",
          "walk(.) | tojson | length",
          "[..] | length",
          "[.. | numbers | tojson | gsub(\"1\"; \"2\")] | length",
          "[.. | numbers | todate]",
          "[.. | numbers | try strptime(\"%Y\") catch \"no\"]",
          "[tostream] | length",
          "fromstream(tostream) | tojson | length",
          "[paths] | length",
          "[paths(type == \"number\")] | length",
          "[path(..)] | length",
          "(.. | numbers) |= . + 1 | tojson | length",
          "[.. | select(type == \"number\") | [range(.; 50)] | sort_by(-.) | length]",
          "def r: [.[]? | r]; r | tojson | length",
          "def r: .[]? |= r; r | tojson | length",
          "def r: (.[]? | r), 1; [r] | length",
          "def r: if type == \"number\" then . else first(.[]) | r end; r",
          "[recurse(.[]?)] | length",
          "[recurse(.[]?; true)] | length",
          "[getpath(paths)] | length",
          "[.. | length] | add",
          "flatten | tojson | length",
          ". == . and ([., .] | unique | length) == 1",
          "tojson | fromjson | tojson | length");

  /// All of them.
  public static final List<Case> ALL = all();

  private Deep() {}

  private static List<Case> all() {
    List<Case> all = new ArrayList<>();
    for (String call : CALLS) {
      String body = call.replace("@json", "%").replace("@", "(. - 1 | f)").replace("%", "@json");
      String function = "def f: if . <= 0 then . else " + body + " end; ";
      all.add(new Case(function + "[limit(9; 900 | f)]", "null"));
      all.add(new Case(function + "900 | f", "null"));
    }
    OTHERS.forEach(query -> all.add(new Case(query, "null")));
    for (String walk : WALKS) {
      all.add(new Case(walk, ARRAYS));
      all.add(new Case(walk, OBJECTS));
    }
    return List.copyOf(all);
  }
}
