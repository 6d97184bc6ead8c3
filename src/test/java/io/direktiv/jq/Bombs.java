package io.direktiv.jq;

import java.util.List;

/// Queries that would not end, or not fit into memory, without the limits of queries.
public final class Bombs {
  /// Each runs into a limit of time or memory.
  public static final List<String> ALL =
      List.of(
          "def f: f; f",
          "[range(infinite)]",
          "\"x\" * 1e9",
          "[limit(1e9; repeat(1))]",
          "reduce range(1e12) as $i (0; . + 1)",
          "(\"a\" * 40 + \"b\") | test(\"^(a|aa)+$\")",
          "reduce range(60) as $i (1; [., .]) | tojson",
          "reduce range(60) as $i (1; [., .]) | [..]",
          "reduce range(60) as $i (1; [., .]) | flatten",
          "[range(1000000)] | sort_by(-.) | map(tostring) | unique | last(repeat(.))",
          "last(repeat([range(3000)] | [.[] as $x | .[] as $y | [$x, $y]] | length))",
          "def f: [f]; f",
          "[range(500000) | {a: .}] | last(repeat(group_by(.a)))",
          "last(repeat(\"a,\" * 1000000 | split(\",\")))",
          "last(repeat([range(1e5)] | to_entries | del(.[range(1000)])))",
          "last(repeat([range(1e5)] | tojson | fromjson))",
          "last(repeat([range(1e5) | [.]] | [paths] | length))",
          "last(repeat(\"ab\" * 500000 | gsub(\"a\"; \"b\")))",
          "reduce range(1e9) as $i ({}; .[\"k\\($i)\"] = $i)",
          "[range(300)] | map([range(300)] | map([range(300)])) | [.[] | .[] | .[]] | last(repeat(.))",
          "(\"x\" * 1000000) as $s | [range(1000) | $s] | tojson",
          "(\"9\" * 100000 | fromjson) as $n | [range(100000) | -$n] | sort | last(repeat(.))",
          "(\"1\" * 1000000 + \"e5\" | fromjson) | last(repeat(tojson | fromjson))",
          "[range(1000000)] | last(repeat(combinations(2)?, join(\",\"), implode?))",
          "(\"<&>\" * 3000000) | last(repeat(@html | @uri))");

  private Bombs() {}
}
