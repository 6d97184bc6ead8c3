package io.direktiv.jq.machine;

import io.direktiv.jq.QueryException;
import io.direktiv.jq.builtins.Budget;
import io.direktiv.jq.builtins.Formats;
import io.direktiv.jq.builtins.Values;
import io.direktiv.jq.syntax.Node;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.List;

/// Compiles what builds new values: strings with parts, arrays and objects.
final class Constructions {
  private final Compiler compiler;

  Constructions(Compiler compiler) {
    this.compiler = compiler;
  }

  Build interpolation(Node.Interpolation node, Scope scope, Op next) {
    Op end =
        m -> {
          m.value = Json.of(((StringParts) m.pop()).text());
          m.pop();
          return next;
        };
    List<Node> lastFirst = node.parts().reversed();
    return Build.chain(lastFirst, end, (part, after) -> part(node, part, scope, after))
        .map(first ->
            m -> {
              m.push(m.value);
              m.push(StringParts.EMPTY);
              return first;
            });
  }

  private Build part(Node.Interpolation whole, Node part, Scope scope, Op after) {
    String format = whole.format();
    int at = compiler.place(whole.at());
    if (part instanceof Node.Literal(JsonString(String literal))) {
      return Build.done(m -> {
        m.push(((StringParts) m.pop()).plus(literal, m.budget));
        return after;
      });
    }
    Op add =
        m -> {
          try {
            String text = Formats.apply(format, m.value, m.budget);
            m.push(((StringParts) m.pop()).plus(text, m.budget));
          } catch (QueryException e) {
            throw e.at(at);
          }
          return after;
        };
    return compiler.value(part, scope, add).map(Ops::input);
  }

  /// The parts of an interpolated string so far, the last one first: as with `+`, what stands first
  /// varies fastest. Immutable, since each may go on in several ways.
  record StringParts(StringParts after, String part, long length) {
    static final StringParts EMPTY = new StringParts(null, "", 0);

    StringParts plus(String text, Budget budget) {
      budget.size(2 * (length + text.length()));
      return text.isEmpty() ? this : new StringParts(this, text, length + text.length());
    }

    String text() {
      List<String> parts = new ArrayList<>();
      for (StringParts at = this; at != null; at = at.after) {
        parts.add(at.part);
      }
      return String.join("", parts);
    }
  }

  Build format(String name, int at, Op next) {
    int place = compiler.place(at);
    return Build.done(m -> {
      try {
        m.value = Json.of(Formats.apply(name, m.value, m.budget));
      } catch (QueryException e) {
        throw e.at(place);
      }
      return next;
    });
  }

  Build array(Node body, Scope scope, Op next) {
    Op add =
        m -> {
          Ops.Collector collector = (Ops.Collector) m.stack.value();
          collector.add(m.value, m.budget);
          return null;
        };
    Op done =
        m -> {
          m.value = ((Ops.Collector) m.extra).toJson();
          return next;
        };
    return compiler
        .value(body, scope, add)
        .map(run ->
            m -> {
              Ops.Collector collector = new Ops.Collector();
              m.fork(done, collector);
              m.push(collector);
              return run;
            });
  }

  Build object(Node.ObjectOf node, Scope scope, Op next) {
    Op end =
        m -> {
          m.value = (Json) m.pop();
          m.pop();
          return next;
        };
    return Build.chain(node.members(), end, (member, after) -> member(member, scope, after))
        .map(first ->
            m -> {
              m.push(m.value);
              m.push(JsonObject.EMPTY);
              return first;
            });
  }

  /// Stack before and after: the object so far, the input.
  private Build member(Node.Member member, Scope scope, Op after) {
    if (member.key() instanceof Node.Literal(JsonString(String name))) {
      Op put =
          m -> {
            JsonObject object = (JsonObject) m.pop();
            m.push(with(object, name, m));
            return after;
          };
      return compiler.value(member.value(), scope, put).map(Ops::input);
    }
    Op put =
        m -> {
          Json key = (Json) m.pop();
          JsonObject object = (JsonObject) m.pop();
          m.push(with(object, Values.key(key), m));
          return after;
        };
    return compiler
        .value(member.value(), scope, put)
        .then(run -> compiler.value(member.key(), scope, keep(run, compiler.place(member.at()))))
        .map(Ops::input);
  }

  /// Puts a computed key on the stack and the input back into the value.
  private static Op keep(Op next, int at) {
    return m -> {
      Ops.key(m.value, at);
      Json input = (Json) m.stack.rest().value();
      m.push(m.value);
      m.value = input;
      return next;
    };
  }

  private static JsonObject with(JsonObject object, String key, Machine m) {
    m.budget.made(64L + 48L * object.size());
    return object.with(key, m.value);
  }
}
