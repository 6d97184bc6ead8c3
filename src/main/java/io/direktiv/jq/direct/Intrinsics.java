package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Natives;
import io.direktiv.jq.syntax.Node;
import io.direktiv.json.Json;
import java.util.List;
import java.util.Map;

/// The builtins that have a part of their own here, though the machine builds them otherwise.
final class Intrinsics {
  private Intrinsics() {}

  /// Makes the part for a call; null when its arguments are of a kind that it cannot do.
  interface Form {
    Code make(Translator translator, List<Node> arguments, Names names, Names.Unit unit);
  }

  private static final Map<String, Form> FORMS =
      Map.ofEntries(
          Map.entry("empty/0", (_, _, _, _) -> new Flow.Empty()),
          Map.entry("error/0", (_, _, _, _) -> new Flow.Raise()),
          Map.entry("recurse/0", (_, _, _, _) -> new Structures.Everything()),
          Map.entry("to_entries/0", (_, _, _, _) -> new Structures.ToEntries()),
          Map.entry("from_entries/0", (_, _, _, _) -> new Structures.FromEntries()),
          Map.entry("tostream/0", (_, _, _, _) -> new Structures.ToStream()),
          Map.entry("paths/0", (_, _, _, _) -> new Updates.PathsTo(new Access.Constant(Json.TRUE))),
          Map.entry("select/1", one(Flow.Select::new)),
          Map.entry("first/1", one(f -> f.isMany() ? new Loops.First(f) : f)),
          Map.entry("last/1", one(f -> f.isMany() ? new Loops.Last(f) : f)),
          Map.entry("isempty/1", one(Structures.IsEmpty::new)),
          Map.entry("walk/1", one(f -> f.isMany() ? null : new Structures.Walk(f))),
          Map.entry("getpath/1", one(Structures::getPath)),
          Map.entry("paths/1", one(f -> f.isMany() ? null : new Updates.PathsTo(f))),
          Map.entry("repeat/1", one(Loops.Repeat::new)),
          Map.entry("sort_by/1", one(f -> keyed("_sort_by", f))),
          Map.entry("group_by/1", one(f -> keyed("_group_by", f))),
          Map.entry("unique_by/1", one(f -> keyed("_unique_by", f))),
          Map.entry("min_by/1", one(f -> keyed("_min_by", f))),
          Map.entry("max_by/1", one(f -> keyed("_max_by", f))),
          Map.entry("range/2", two(Intrinsics::range)),
          Map.entry("limit/2", two((n, f) -> n.isOne() ? new Loops.Limit(n, f) : null)),
          Map.entry(
              "until/2", two((c, f) -> c.isMany() || f.isMany() ? null : new Loops.Until(c, f))),
          Map.entry("while/2", two(Intrinsics::whilst)),
          Map.entry("sub/2", two((re, by) -> substitute(re, by, false))),
          Map.entry("gsub/2", two((re, by) -> substitute(re, by, true))),
          Map.entry("path/1", place(Updates.PathOf::new)),
          Map.entry("del/1", place(Updates.Delete::new)));

  static Form find(String key) {
    return FORMS.get(key);
  }

  private interface One {
    Code make(Code argument);
  }

  private interface Two {
    Code make(Code first, Code second);
  }

  private interface OfPlace {
    Code make(Place place);
  }

  private static Form one(One form) {
    return (translator, arguments, names, unit) ->
        form.make(translator.code(arguments.getFirst(), names, unit));
  }

  private static Form two(Two form) {
    return (translator, arguments, names, unit) ->
        form.make(
            translator.code(arguments.get(0), names, unit),
            translator.code(arguments.get(1), names, unit));
  }

  private static Form place(OfPlace form) {
    return (translator, arguments, names, unit) ->
        form.make(translator.places().place(arguments.getFirst(), names, unit));
  }

  private static Code substitute(Code pattern, Code replacement, boolean isGlobal) {
    boolean isOne = pattern.isOne() && replacement.isOne();
    return isOne ? new Structures.Substitute(pattern, replacement, isGlobal) : null;
  }

  private static Code whilst(Code condition, Code update) {
    return condition.isMany() || update.isMany() ? null : new Loops.While(condition, update);
  }

  private static Code range(Code from, Code to) {
    return from.isOne() && to.isOne() ? new Loops.Range(from, to) : null;
  }

  /// jq wraps each key into an array, which orders one key as it is ordered alone.
  private static Code keyed(String builtin, Code key) {
    Code wrapped = key.isOne() ? key : new Builders.Collect(key);
    Code keys = new Builders.Mapped(new Access.Identity(), wrapped);
    return new Calls.Native(Natives.find(builtin, 1), new Code[] {keys}, Code.Outputs.ONE);
  }
}
