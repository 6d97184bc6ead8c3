package io.direktiv.jq;

import java.util.List;
import java.util.Random;

/// Makes queries at random that say something about the documents they are evaluated over.
final class QueryMaker {
  private static final List<String> LEAVES =
      List.of(
          ".",
          ".a",
          ".b",
          ".c",
          ".[0]",
          ".[1]",
          ".[-1]",
          ".[]",
          ".[]?",
          ".a?",
          ".b[]?",
          "1",
          "2.5",
          "\"x\"",
          "null",
          "true",
          "[]",
          "{}",
          "$x",
          "$y",
          "..",
          "length?",
          "type",
          "not",
          "empty",
          "keys?",
          "add?",
          "tostring",
          "tojson",
          "to_entries?",
          "[paths]",
          "first?",
          "last?",
          "reverse?",
          "sort?",
          "unique?",
          "min?",
          "max?",
          "flatten?",
          "any?",
          "all?",
          "values",
          "scalars",
          "numbers",
          "strings",
          "recurse",
          "[tostream]",
          "ascii_downcase?",
          "env | {}",
          "input_line_number",
          "error",
          "error(null)",
          "from_entries?",
          "transpose?",
          "implode?",
          "@base64",
          "@json",
          "@text",
          "f",
          "g",
          "$__loc__.line");

  private static final List<String> SHAPES =
      List.of(
          "%s | %s",
          "%s | %s",
          "%s, %s",
          "(%s) + (%s)",
          "(%s) - (%s)",
          "(%s) * (%s)",
          "(%s) == (%s)",
          "(%s) < (%s)",
          "(%s) and (%s)",
          "(%s) or (%s)",
          "(%s) // (%s)",
          "[%s]",
          "[.[]? | %s]",
          "{a: (%s), b: (%s)}",
          "{(%s | tostring): (%s)}",
          "try (%s)",
          "try (%s) catch (%s)",
          "(%s)?",
          "if %s then %s else %s end",
          "if %s then %s end",
          "(%s) as $x | %s",
          "(%s) as [$x, $y] | %s",
          "(%s) as {a: $x, $y} | %s",
          "(%s) as [$x] ?// $x | %s",
          "reduce (%s) as $x (%s; %s)",
          "foreach (%s) as $x (%s; %s)",
          "foreach (%s) as $x (%s; %s; %s)",
          "label $out | %s, break $out, %s",
          "label $out | foreach (%s) as $x (0; . + 1; if . > 2 then break $out else $x end)",
          "(%p) |= (%s)",
          "(%p) = (%s)",
          "(%p) += (%s)",
          "(%p) //= (%s)",
          "del(%p)",
          "path(%p)",
          "[path(%p)]",
          "to_entries?",
          "map(%s)?",
          "map_values(%s)?",
          "with_entries(.value |= %s)?",
          "select(%s)",
          "sort_by(%s)?",
          "group_by(%s)?",
          "unique_by(%s)?",
          "min_by(%s)?",
          "first(%s)",
          "last(%s)",
          "limit(2; %s)",
          "isempty(%s)",
          "any(%s; %s)",
          "all(%s; %s)",
          "[limit(3; repeat(%s))]",
          "[range(3) | %s]",
          "walk(%s)",
          "paths(%s)",
          "getpath([\"a\", 0])?",
          "[recurse(%s; . != null)] | length",
          "\"a\\(%s)b\"",
          "(%s)[0]?",
          ".[%s]?",
          ".[1:%s]?",
          "def f: %s; %s",
          "def g: %s; %s",
          "def h(q): q | q; h(%s)",
          "def k($v): $v + %s; k(%s)",
          "def r: if (type == \"number\") and . > 0 and . < 9 then (. - 1 | r), 7 else %s end; r",
          "def t: if type == \"number\" and . < 50 then . + 1 | t else %s end; t",
          "def t($n): if $n > 0 then [.] | t($n - 1) else (. as $x | $x, %s) end; t(3)",
          "def t($n): if $n > 9 then . else . as $x | ([$n, $x] | length) as $y | t($n + $y) end; t(0)",
          "[while(type == \"number\" and . < 20; . + 3)] | %s",
          "until(type != \"number\" or . > 9; . + 1)",
          "fromstream(tostream)",
          "pick(%p)?",
          "add(%s)",
          "[splits(\"[0-9]\")?]",
          "(%s) as $y | [$y, %s]",
          "skip(1; %s)",
          "nth(1; %s)",
          "input_filename",
          "-(%s)",
          "@base64 \"v\\(%s)\"",
          "IN(%s)",
          "ltrimstr(%s)",
          "test(\"a\")?",
          "[match(\"[0-9]+\"; \"g\")?.string]",
          "gsub(\"[0-9]\"; \"_\")?",
          "capture(\"(?<l>[a-z])\")?",
          "has(%s)?",
          "contains(%s)?",
          "index(%s)?",
          "tojson | fromjson");

  private static final List<String> PLACES =
      List.of(
          ".",
          ".a",
          ".b",
          ".c",
          ".[]?",
          ".[0]?",
          ".a?",
          ".a[]?",
          ".a.b",
          ".a.b[]?",
          ".b[1]?",
          ".[]?.a?",
          "..",
          "(.a, .b)",
          "(.a, .c, .d)",
          ".a | .b?",
          ".[]? | select(%s)",
          "select(%s)",
          "first(.[]?)",
          "if %s then .a else .b end",
          ".[%s]?",
          ".[1:]?",
          "empty",
          "recurse",
          "(.. | select(type == \"number\"))",
          "(.[]? | numbers)",
          "(%s) as $x | .a",
          ".a // .b",
          "getpath([\"a\", \"b\"])",
          "paths",
          "limit(1; .[]?)",
          ".a[-1]?",
          ".x.y");

  private final Random random;
  private int depth;

  QueryMaker(Random random) {
    this.random = random;
  }

  /// A query in which all names mean something.
  String query() {
    return "1 as $x | 2 as $y | def f: .a?; def g: .[]?; " + part();
  }

  private String part() {
    depth++;
    String text = depth > 4 || random.nextInt(4) == 0 ? pick(LEAVES) : filled(pick(SHAPES));
    depth--;
    return text.contains("|") || text.contains(",") || text.startsWith("def")
        ? "(" + text + ")"
        : text;
  }

  private String filled(String shape) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < shape.length(); i++) {
      boolean isHole = shape.charAt(i) == '%' && i + 1 < shape.length();
      if (isHole && shape.charAt(i + 1) == 's') {
        text.append(part());
        i++;
      } else if (isHole && shape.charAt(i + 1) == 'p') {
        text.append(filled(pick(PLACES)));
        i++;
      } else {
        text.append(shape.charAt(i));
      }
    }
    return text.toString();
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
