package io.direktiv.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The programs of the jq benchmark and the documents they are evaluated over.
final class JqPrograms {
  /// A program over a document.
  ///
  /// @param isHuge one evaluation takes a peer many seconds, and is measured once
  record Program(String name, String text, String document, boolean isHuge) {}

  private static final String FIB =
      "def fib: if . < 2 then . else (. - 1 | fib) + (. - 2 | fib) end; 22 | fib";

  static final List<Program> ALL =
      List.of(
          of("field", ".name", "small"),
          of("object", "{msg: (\"Hello, \" + .name + \"!\")}", "small"),
          of("path", ".a.b.c[0].d", "small"),
          of("bind", ". as $x | $x", "small"),
          of("map", ".items | map(select(.price > 10) | .name)", "small"),
          of("if", "if .x > 5 then \"big\" else \"small\" end", "small"),
          of("update", ".nums[] |= . + 1", "small"),
          of("del", "del(.a, .b)", "small"),
          of(
              "entries",
              ".obj | to_entries | map({key: (\"p_\" + .key), value: (.value + 1)})"
                  + " | from_entries",
              "small"),
          of("interpolation", "\"\\(.name) has \\(.x) of \\(.items | length)\"", "small"),
          of("test", ".email | test(\"^[a-z.]+@[a-z]+\\\\.com$\")", "small"),
          of("capture", ".email | capture(\"(?<user>[^@]+)@(?<host>.+)\")", "small"),
          of("gsub", ".email | gsub(\"[aeiou]\"; \"*\")", "small"),
          of("base64", ".name | @base64 | @base64d", "small"),
          of("dates", ".at | fromdate | todate", "small"),
          of("strftime", ".at | strptime(\"%Y-%m-%dT%H:%M:%SZ\") | strftime(\"%d %b\")", "small"),
          of("group_by", "group_by(.group) | map({g: .[0].group, n: length})", "objects"),
          of("sort_by", "sort_by(.score) | .[0].id", "objects"),
          of("unique_by", "unique_by(.group) | length", "objects"),
          of("sum", "reduce range(0;1000000) as $i (0; . + $i)", "small"),
          of("join", "[range(100000)|tostring]|join(\",\")|length", "small"),
          of("limit", "[limit(1000; repeat(1))] | length", "small"),
          of("fib", FIB, "small"),
          of("deep update", ".rows[].addr.geo[0] |= . + 1 | .rows | length", "nested"),
          of("json", "tojson | fromjson | .rows | length", "nested"),
          of(
              "walk",
              "walk(if type == \"number\" then . + 1 else . end) | .rows | length",
              "nested"),
          of("paths", "[paths(type == \"number\")] | length", "nested"),
          of("streams", "fromstream(tostream) | length", "nested", true),
          of(
              "counts",
              "reduce range(0;10000) as $i ({}; .[\"k\\($i % 1000)\"] += $i) | length",
              "small"),
          of("append", "reduce range(0;100000) as $i ([]; .[$i] = $i) | length", "small", true));

  private JqPrograms() {}

  private static Program of(String name, String text, String document) {
    return of(name, text, document, false);
  }

  private static Program of(String name, String text, String document, boolean isHuge) {
    return new Program(name, text, document, isHuge);
  }

  static Program named(String name) {
    return ALL.stream().filter(each -> each.name.equals(name)).findFirst().orElseThrow();
  }

  /// The documents by name: a small one, 1,000 objects, and about 1.25 MB of rows.
  static Map<String, String> documents() {
    return Map.of("small", small(), "objects", objects(), "nested", nested());
  }

  static String document(String name) {
    return documents().get(name);
  }

  private static String small() {
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      String comma = i == 0 ? "" : ",";
      items.append(comma + "{\"name\":\"item " + i + "\",\"price\":" + i * 7 % 40 + "}");
    }
    StringBuilder numbers = new StringBuilder("0");
    StringBuilder object = new StringBuilder("\"key\":0");
    for (int i = 1; i < 100; i++) {
      numbers.append(",").append(i * 3);
      object.append(i < 12 ? ",\"key" + i + "\":" + i : "");
    }
    return """
    {"name":"Ada Lovelace","email":"ada.lovelace@example.com","x":7,"at":"2026-03-04T05:06:07Z",
     "a":{"b":{"c":[{"d":42},{"d":43}]}},"b":[1,2,3],"nums":[%s],"obj":{%s},"items":[%s]}
    """
        .formatted(numbers, object, items);
  }

  private static String objects() {
    StringBuilder rows = new StringBuilder("[");
    for (int i = 0; i < 1_000; i++) {
      rows.append(i == 0 ? "" : ",")
          .append(
              "{\"id\":%d,\"group\":\"g%d\",\"score\":%d.%d,\"active\":%b}"
                  .formatted(i, i * 31 % 17, i * 7_919 % 1_000, i % 10, i % 3 == 0));
    }
    return rows.append("]").toString();
  }

  private static String nested() {
    StringBuilder rows = new StringBuilder("{\"rows\":[");
    for (int i = 0; i < 6_000; i++) {
      rows.append(i == 0 ? "" : ",")
          .append(
              String.format(
                  Locale.ROOT,
                  "{\"id\":%d,\"name\":\"user %d\",\"tags\":[\"a%d\",\"b\",\"ü\"],\"active\":%b,"
                      + "\"addr\":{\"street\":\"%d Long Road\",\"city\":\"Town %d\","
                      + "\"geo\":[%d.5,%d.25],\"zip\":null},\"note\":\"line\\n%d \\\"q\\\"\"}",
                  i,
                  i,
                  i % 7,
                  i % 2 == 0,
                  i % 300,
                  i % 50,
                  i % 90,
                  i % 180,
                  i));
    }
    return rows.append("]}").toString();
  }
}
