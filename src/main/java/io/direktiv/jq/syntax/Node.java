package io.direktiv.jq.syntax;

import io.direktiv.jq.QuerySyntaxException.Problem;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/// The syntax tree of a query. Positions are offsets into its text.
public sealed interface Node {
  record Identity() implements Node {}

  record RecurseAll() implements Node {}

  record Literal(Json value) implements Node {}

  /// A string with parts that are evaluated; `format` is a name as in `@base64`, or null.
  record Interpolation(String format, List<Node> parts, int at) implements Node {}

  /// A format applied to the input.
  record Format(String name, int at) implements Node {}

  /// `at` is where the key begins; so it is with the others that can fail.
  record Index(Node target, Node key, int at) implements Node {}

  record Slice(Node target, Node from, Node to, int at) implements Node {}

  record Iterate(Node target, int at) implements Node {}

  record Try(Node body, Node handler) implements Node {}

  record ArrayOf(Node body) implements Node {}

  record ObjectOf(List<Member> members) implements Node {}

  record Member(Node key, Node value, int at) {}

  record Pipe(Node left, Node right) implements Node {}

  record Comma(Node left, Node right) implements Node {}

  record Binary(String operator, Node left, Node right, int at) implements Node {}

  record Negate(Node operand, int at) implements Node {}

  record And(Node left, Node right) implements Node {}

  record Or(Node left, Node right) implements Node {}

  record Alternative(Node left, Node right) implements Node {}

  record Update(String operator, Node left, Node right, int at) implements Node {}

  record If(Node condition, Node then, Node otherwise) implements Node {}

  record Reduce(Node source, Pattern pattern, Node initial, Node update) implements Node {}

  record Foreach(Node source, Pattern pattern, Node initial, Node update, Node extract)
      implements Node {}

  record Bind(Node source, List<Pattern> patterns, Node body) implements Node {}

  record Variable(String name, int at) implements Node {}

  record Call(String name, List<Node> arguments, int at) implements Node {}

  record Define(Function function, Node body) implements Node {}

  record Label(String name, Node body) implements Node {}

  record Break(String name, int at, int end) implements Node {}

  /// A whole text.
  ///
  /// @param metadata what follows `module`, or null
  /// @param body null in a module
  /// @param doubts conditions in it that assign
  record Program(
      JsonObject metadata,
      List<Import> imports,
      List<Function> functions,
      Node body,
      List<Problem> doubts) {
    /// The same doubts for a query that is a condition itself.
    public List<Problem> doubtsAsCondition() {
      Node at = body;
      while (true) {
        switch (at) {
          case Pipe(Node _, Node right) -> at = right;
          case Bind bind -> at = bind.body();
          case Update update when update.operator().equals("=") -> {
            List<Problem> all = new ArrayList<>(doubts);
            all.add(doubt(update.at()));
            return all;
          }
          default -> {
            return doubts;
          }
        }
      }
    }

    static Problem doubt(int at) {
      return new Problem(
          "'=' assigns, which no condition should", "write '==' to compare", at, at + 1);
    }
  }

  /// `import` or `include`.
  ///
  /// @param name what follows `as` without `$`; null for `include`
  /// @param metadata may be null
  record Import(String path, String name, boolean isData, JsonObject metadata, int at, int end) {}

  /// A definition; a parameter that begins with `$` is a value parameter.
  record Function(String name, List<String> parameters, Node body) {}

  /// What a value is taken apart into.
  sealed interface Pattern {
    record Name(String name) implements Pattern {}

    record Elements(List<Pattern> elements) implements Pattern {}

    record Members(List<PatternMember> members) implements Pattern {}
  }

  /// `key` computes the member's name; `variable` binds the value as well, or is null; `value` may
  /// be null.
  record PatternMember(Node key, String variable, Pattern value) {}
}
