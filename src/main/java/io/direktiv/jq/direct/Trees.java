package io.direktiv.jq.direct;

import io.direktiv.jq.syntax.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Looks into syntax trees.
final class Trees {
  private Trees() {}

  /// The nodes that `node` is made of.
  static List<Node> parts(Node node) {
    return switch (node) {
      case Node.Identity _,
          Node.RecurseAll _,
          Node.Literal _,
          Node.Format _,
          Node.Variable _,
          Node.Break _ ->
          List.of();
      case Node.Interpolation text -> text.parts();
      case Node.Index index -> List.of(index.target(), index.key());
      case Node.Slice slice -> some(slice.target(), slice.from(), slice.to());
      case Node.Iterate iterate -> List.of(iterate.target());
      case Node.Try attempt -> some(attempt.body(), attempt.handler());
      case Node.ArrayOf(Node body) -> some(body);
      case Node.ObjectOf(List<Node.Member> members) -> {
        List<Node> parts = new ArrayList<>();
        members.forEach(member -> parts.addAll(List.of(member.key(), member.value())));
        yield parts;
      }
      case Node.Pipe(Node left, Node right) -> List.of(left, right);
      case Node.Comma(Node left, Node right) -> List.of(left, right);
      case Node.Binary binary -> List.of(binary.left(), binary.right());
      case Node.Negate negate -> List.of(negate.operand());
      case Node.And(Node left, Node right) -> List.of(left, right);
      case Node.Or(Node left, Node right) -> List.of(left, right);
      case Node.Alternative(Node left, Node right) -> List.of(left, right);
      case Node.Update update -> List.of(update.left(), update.right());
      case Node.If conditional ->
          some(conditional.condition(), conditional.then(), conditional.otherwise());
      case Node.Reduce reduce -> List.of(reduce.source(), reduce.initial(), reduce.update());
      case Node.Foreach foreach ->
          some(foreach.source(), foreach.initial(), foreach.update(), foreach.extract());
      case Node.Bind bind -> List.of(bind.source(), bind.body());
      case Node.Call call -> call.arguments();
      case Node.Define(Node.Function function, Node body) -> List.of(function.body(), body);
      case Node.Label label -> List.of(label.body());
    };
  }

  private static List<Node> some(Node... nodes) {
    List<Node> present = new ArrayList<>(List.of());
    for (Node node : nodes) {
      if (Objects.nonNull(node)) {
        present.add(node);
      }
    }
    return present;
  }
}
