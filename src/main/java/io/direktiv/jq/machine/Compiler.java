package io.direktiv.jq.machine;

import io.direktiv.jq.QueryException;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.builtins.Budget;
import io.direktiv.jq.builtins.Formats;
import io.direktiv.jq.builtins.Natives;
import io.direktiv.jq.builtins.Values;
import io.direktiv.jq.machine.Machine.Attempt;
import io.direktiv.jq.machine.Machine.Frame;
import io.direktiv.jq.syntax.Node;
import io.direktiv.jq.syntax.Parser;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.List;

/// Compiles a syntax tree to operations, from the end to the beginning: each operation is given
/// what comes after it.
///
/// Every expression can be compiled in two modes. In value mode the machine's value is all there
/// is; in path mode the machine also knows where the value stands, which `path(f)` and the
/// assignments need. Only what an expression reaches in path mode is compiled for it.
public final class Compiler {
  private final String text;

  private Compiler(String text) {
    this.text = text;
  }

  /// A compiled query and the number of its variables.
  public static final class Program {
    private final Op start;
    private final Scope.Unit unit;

    private Program(Op start, Scope.Unit unit) {
      this.start = start;
      this.unit = unit;
    }

    /// A machine at the beginning of this program.
    public Machine over(Json input, Budget budget) {
      return new Machine(start, input, unit.size, budget);
    }
  }

  /// Compiles the text of a query.
  public static Program compile(String text) throws QuerySyntaxException {
    Compiler compiler = new Compiler(text);
    Scope.Unit unit = new Scope.Unit();
    Scope scope = new Scope(unit, Prelude.scope());
    try {
      return new Program(compiler.value(Parser.parse(text), scope, Op.OUTPUT), unit);
    } catch (NameProblem problem) {
      throw QuerySyntaxException.at(text, problem.getMessage(), problem.at);
    }
  }

  static Compiler ofPrelude() {
    return new Compiler("");
  }

  /// A name that means nothing, on its way out of the recursion.
  private static final class NameProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int at;

    NameProblem(String message, int at) {
      super(message, null, false, false);
      this.at = at;
    }
  }

  // ---- value mode ----

  Op value(Node node, Scope scope, Op next) {
    return switch (node) {
      case Node.Identity _ -> next;
      case Node.RecurseAll _ -> call(new Node.Call("recurse", List.of(), 0), scope, next, false);
      case Node.Literal(Json literal) ->
          m -> {
            m.value = literal;
            return next;
          };
      case Node.Interpolation interpolation -> interpolation(interpolation, scope, next);
      case Node.Format(String name, int at) -> format(name, at, next);
      case Node.Index index -> index(index, scope, next);
      case Node.Slice slice -> slice(slice, scope, next);
      case Node.Iterate(Node target) -> value(target, scope, Ops.iterate(next));
      case Node.Try attempt -> attempt(attempt, scope, next, false);
      case Node.ArrayOf(Node body) -> collect(body, scope, next);
      case Node.ObjectOf object -> object(object, scope, next);
      case Node.Pipe(Node left, Node right) -> value(left, scope, value(right, scope, next));
      case Node.Comma(Node left, Node right) ->
          Ops.either(value(left, scope, next), value(right, scope, next));
      case Node.Binary binary -> binary(binary, scope, next);
      case Node.Negate(Node operand) ->
          value(
              operand,
              scope,
              m -> {
                m.value = Values.negate(m.value);
                return next;
              });
      case Node.And(Node left, Node right) -> logic(left, right, false, scope, next);
      case Node.Or(Node left, Node right) -> logic(left, right, true, scope, next);
      case Node.Alternative alternative -> alternative(alternative, scope, next, false);
      case Node.Update update -> value(desugar(update), scope, next);
      case Node.If conditional -> conditional(conditional, scope, next, false);
      case Node.Reduce reduce -> reduce(reduce, scope, next, false);
      case Node.Foreach foreach -> foreach(foreach, scope, next, false);
      case Node.Bind bind -> bind(bind, scope, next, false);
      case Node.Variable(String name, int at) -> variable(name, at, scope, next);
      case Node.Call call -> call(call, scope, next, false);
      case Node.Define(Node.Function function, Node body) ->
          value(body, define(function, scope, true), next);
      case Node.Label label -> label(label, scope, next, false);
      case Node.Break(String name, int at) -> breakTo(name, at, scope);
    };
  }

  // ---- path mode ----

  Op path(Node node, Scope scope, Op next) {
    return switch (node) {
      case Node.Identity _ -> next;
      case Node.RecurseAll _ -> call(new Node.Call("recurse", List.of(), 0), scope, next, true);
      case Node.Index(Node target, Node key) -> {
        Op access = path(target, scope, Ops.indexPath(next));
        yield Ops.aside(beside(key, scope, access));
      }
      case Node.Slice(Node target, Node from, Node to) -> {
        Op access = path(target, scope, Ops.slicePath(next));
        Op second = beside(orNull(to), scope, access);
        yield Ops.aside(beside(orNull(from), scope, Ops.aside(second)));
      }
      case Node.Iterate(Node target) -> path(target, scope, Ops.iteratePath(next));
      case Node.Try attempt -> attempt(attempt, scope, next, true);
      case Node.Pipe(Node left, Node right) -> path(left, scope, path(right, scope, next));
      case Node.Comma(Node left, Node right) ->
          Ops.either(path(left, scope, next), path(right, scope, next));
      case Node.Alternative alternative -> alternative(alternative, scope, next, true);
      case Node.If conditional -> conditional(conditional, scope, next, true);
      case Node.Reduce reduce -> reduce(reduce, scope, next, true);
      case Node.Foreach foreach -> foreach(foreach, scope, next, true);
      case Node.Bind bind -> bind(bind, scope, next, true);
      case Node.Call call -> call(call, scope, next, true);
      case Node.Define(Node.Function function, Node body) ->
          path(body, define(function, scope, true), next);
      case Node.Label label -> label(label, scope, next, true);
      case Node.Break(String name, int at) -> breakTo(name, at, scope);
      case Node.Literal(Json literal) when literal == Json.NULL ->
          m -> {
            m.path = Values.isSame(m.value, Json.NULL) ? m.path : Path.NONE;
            m.value = Json.NULL;
            return next;
          };
      case Node.Literal _,
          Node.Interpolation _,
          Node.Format _,
          Node.ArrayOf _,
          Node.ObjectOf _,
          Node.Binary _,
          Node.Negate _,
          Node.And _,
          Node.Or _,
          Node.Update _,
          Node.Variable _ ->
          value(node, scope, Ops.nowhere(next));
    };
  }

  private Op compile(Node node, Scope scope, Op next, boolean isPath) {
    return isPath ? path(node, scope, next) : value(node, scope, next);
  }

  /// Evaluates `node` over a value that was put aside with its place, exchanges the two, and goes
  /// on.
  private Op beside(Node node, Scope scope, Op next) {
    return value(node, scope, Ops.exchange(next));
  }

  private static Node orNull(Node node) {
    return node == null ? new Node.Literal(Json.NULL) : node;
  }

  // ---- expressions ----

  private Op index(Node.Index index, Scope scope, Op next) {
    if (index.key() instanceof Node.Literal(Json key)) {
      Op access = key instanceof JsonString name ? Ops.field(name, next) : Ops.constant(key, next);
      return value(index.target(), scope, access);
    }
    Op access =
        m -> {
          Json key = (Json) m.pop();
          m.value = Values.index(m.value, key);
          return next;
        };
    return Ops.aside(beside(index.key(), scope, value(index.target(), scope, access)));
  }

  private Op slice(Node.Slice slice, Scope scope, Op next) {
    Op access =
        m -> {
          Json to = (Json) m.pop();
          Json from = (Json) m.pop();
          m.value = Values.slice(m.value, from, to);
          return next;
        };
    Op target = value(slice.target(), scope, access);
    Op second = beside(orNull(slice.to()), scope, target);
    return Ops.aside(beside(orNull(slice.from()), scope, Ops.aside(second)));
  }

  private Op binary(Node.Binary binary, Scope scope, Op next) {
    Values.Operator operator = Values.operator(binary.operator());
    if (binary.right() instanceof Node.Literal(Json right)) {
      return value(
          binary.left(),
          scope,
          m -> {
            m.value = operator.apply(m.value, right, m.budget);
            return next;
          });
    }
    Op apply =
        m -> {
          Json right = (Json) m.pop();
          m.value = operator.apply(m.value, right, m.budget);
          return next;
        };
    return Ops.aside(beside(binary.right(), scope, value(binary.left(), scope, apply)));
  }

  private Op logic(Node left, Node right, boolean decided, Scope scope, Op next) {
    Op last =
        m -> {
          m.value = Json.of(Values.isTruthy(m.value));
          return next;
        };
    Op second = value(right, scope, last);
    Op first =
        m -> {
          boolean isTruthy = Values.isTruthy(m.value);
          m.value = (Json) m.pop();
          if (isTruthy == decided) {
            m.value = Json.of(decided);
            return next;
          }
          return second;
        };
    return Ops.aside(value(left, scope, first));
  }

  private Op conditional(Node.If node, Scope scope, Op next, boolean isPath) {
    Op then = compile(node.then(), scope, next, isPath);
    Op otherwise = compile(node.otherwise(), scope, next, isPath);
    Op choose =
        m -> {
          boolean isTruthy = Values.isTruthy(m.value);
          m.value = (Json) m.stack.value();
          m.path = m.stack.path();
          m.stack = m.stack.rest();
          return isTruthy ? then : otherwise;
        };
    return Ops.aside(value(node.condition(), scope, choose));
  }

  private Op interpolation(Node.Interpolation node, Scope scope, Op next) {
    Op op =
        m -> {
          m.value = Json.of(((StringParts) m.pop()).text());
          m.pop();
          return next;
        };
    List<Node> parts = node.parts();
    for (int i = parts.size() - 1; i >= 0; i--) {
      Op after = op;
      if (i % 2 == 0) {
        String literal = ((JsonString) ((Node.Literal) parts.get(i)).value()).value();
        op =
            m -> {
              m.push(((StringParts) m.pop()).plus(literal, m.budget));
              return after;
            };
      } else {
        Op add =
            m -> {
              String text = Formats.apply(node.format(), m.value, m.budget);
              m.push(((StringParts) m.pop()).plus(text, m.budget));
              return after;
            };
        Op body = value(parts.get(i), scope, add);
        op =
            m -> {
              m.value = (Json) m.stack.rest().value();
              return body;
            };
      }
    }
    Op first = op;
    return m -> {
      m.push(m.value);
      m.push(StringParts.EMPTY);
      return first;
    };
  }

  /// The parts of an interpolated string so far; immutable, since each may go on in several ways.
  record StringParts(StringParts before, String part, long length) {
    static final StringParts EMPTY = new StringParts(null, "", 0);

    StringParts plus(String text, Budget budget) {
      budget.size(2 * (length + text.length()));
      return text.isEmpty() ? this : new StringParts(this, text, length + text.length());
    }

    String text() {
      List<String> parts = new ArrayList<>();
      for (StringParts at = this; at != null; at = at.before) {
        parts.add(at.part);
      }
      return String.join("", parts.reversed());
    }
  }

  private Op format(String name, int at, Op next) {
    if (!Formats.isKnown(name)) {
      throw new NameProblem(name + " is not a valid format", at);
    }
    return m -> {
      m.value = Json.of(Formats.apply(name, m.value, m.budget));
      return next;
    };
  }

  private Op collect(Node body, Scope scope, Op next) {
    Op add =
        m -> {
          Ops.Collector collector = (Ops.Collector) m.stack.value();
          collector.add(m.value, m.budget);
          return null;
        };
    Op run = value(body, scope, add);
    Op done =
        m -> {
          m.value = ((Ops.Collector) m.extra).toJson();
          return next;
        };
    return m -> {
      Ops.Collector collector = new Ops.Collector();
      m.fork(done, collector);
      m.push(collector);
      return run;
    };
  }

  private Op object(Node.ObjectOf node, Scope scope, Op next) {
    Op op =
        m -> {
          m.value = (Json) m.pop();
          m.pop();
          return next;
        };
    for (Node.Member member : node.members().reversed()) {
      op = member(member, scope, op);
    }
    Op first = op;
    return m -> {
      m.push(m.value);
      m.push(JsonObject.EMPTY);
      return first;
    };
  }

  /// Stack before and after: the object so far, the input.
  private Op member(Node.Member member, Scope scope, Op after) {
    if (member.key() instanceof Node.Literal(JsonString name)) {
      Op put =
          m -> {
            JsonObject object = (JsonObject) m.pop();
            m.push(object.with(name.value(), m.value));
            return after;
          };
      return Ops.input(value(member.value(), scope, put));
    }
    Op put =
        m -> {
          Json key = (Json) m.pop();
          JsonObject object = (JsonObject) m.pop();
          m.push(object.with(Values.key(key), m.value));
          return after;
        };
    Op run = value(member.value(), scope, put);
    Op value =
        m -> {
          Values.key(m.value);
          Json input = (Json) m.stack.rest().value();
          m.push(m.value);
          m.value = input;
          return run;
        };
    return Ops.input(value(member.key(), scope, value));
  }

  private Op attempt(Node.Try node, Scope scope, Op next, boolean isPath) {
    Op handler = node.handler() == null ? _ -> null : compile(node.handler(), scope, next, isPath);
    Op caught =
        m -> {
          QueryException error = (QueryException) m.extra;
          m.value = error.value();
          m.path = Path.NONE;
          return handler;
        };
    Op leave =
        m -> {
          m.leave(m.pop());
          return next;
        };
    Op body = compile(node.body(), scope, leave, isPath);
    return m -> {
      Attempt attempt = new Attempt(caught, null);
      m.attempt(attempt);
      m.push(attempt);
      return body;
    };
  }

  private Op alternative(Node.Alternative node, Scope scope, Op next, boolean isPath) {
    Op fallback = compile(node.right(), scope, next, isPath);
    Op check =
        m -> {
          if (!Values.isTruthy(m.value)) {
            return null;
          }
          Ops.Flag flag = (Ops.Flag) m.pop();
          flag.isSet = true;
          m.leave(flag.attempt);
          return next;
        };
    Op body = compile(node.left(), scope, check, isPath);
    return m -> {
      Ops.Flag flag = new Ops.Flag();
      Op end = _ -> flag.isSet ? null : fallback;
      flag.attempt = new Attempt(end, end);
      m.attempt(flag.attempt);
      m.push(flag);
      return body;
    };
  }

  private Op variable(String name, int at, Scope scope, Op next) {
    Scope.Place place =
        scope.variable(name).orElseThrow(() -> new NameProblem("$" + name + " is not defined", at));
    int up = place.up();
    int slot = place.slot();
    return m -> {
      m.value = (Json) m.frame(up).slots[slot];
      return next;
    };
  }

  private Op label(Node.Label node, Scope scope, Op next, boolean isPath) {
    Scope inner = scope.bind("*" + node.name());
    int slot = inner.slot();
    Op body = compile(node.body(), inner, next, isPath);
    return m -> {
      Object label = new Object();
      m.frame.slots[slot] = label;
      m.label(label);
      return body;
    };
  }

  private Op breakTo(String name, int at, Scope scope) {
    Scope.Place place =
        scope
            .variable("*" + name)
            .orElseThrow(() -> new NameProblem("$*label-" + name + " is not defined", at));
    return m -> {
      throw new Machine.BreakSignal(m.frame(place.up()).slots[place.slot()]);
    };
  }

  // ---- bindings ----

  private Op reduce(Node.Reduce node, Scope scope, Op next, boolean isPath) {
    Scope inner = scope.bind("*state");
    int slot = inner.slot();
    Op keep =
        m -> {
          m.frame.slots[slot] = new Machine.Cons(m.value, m.path, null);
          return null;
        };
    Scope bound = Patterns.declare(node.pattern(), inner);
    Op update = Ops.takeState(slot, compile(node.update(), bound, keep, isPath));
    Op source = value(node.source(), inner, Patterns.match(this, node.pattern(), bound, update));
    Op done = Ops.takeState(slot, next);
    Op start =
        m -> {
          m.frame.slots[slot] = new Machine.Cons(m.value, m.path, null);
          Ops.restoreInput(m);
          m.fork(done);
          return source;
        };
    return Ops.aside(compile(node.initial(), inner, start, isPath));
  }

  private Op foreach(Node.Foreach node, Scope scope, Op next, boolean isPath) {
    Scope inner = scope.bind("*state");
    int slot = inner.slot();
    Scope bound = Patterns.declare(node.pattern(), inner);
    Op extract = compile(node.extract(), bound, next, isPath);
    Op keep =
        m -> {
          m.frame.slots[slot] = new Machine.Cons(m.value, m.path, null);
          return extract;
        };
    Op update = Ops.takeState(slot, compile(node.update(), bound, keep, isPath));
    Op source = value(node.source(), inner, Patterns.match(this, node.pattern(), bound, update));
    Op start =
        m -> {
          m.frame.slots[slot] = new Machine.Cons(m.value, m.path, null);
          Ops.restoreInput(m);
          return source;
        };
    return Ops.aside(compile(node.initial(), inner, start, isPath));
  }

  private Op bind(Node.Bind node, Scope scope, Op next, boolean isPath) {
    if (node.patterns().size() == 1) {
      Node.Pattern pattern = node.patterns().getFirst();
      Scope bound = Patterns.declare(pattern, scope);
      Op body = Ops.back(compile(node.body(), bound, next, isPath));
      Op match = Patterns.match(this, pattern, bound, body);
      return Ops.aside(value(node.source(), scope, match));
    }
    return alternatives(node, scope, next, isPath);
  }

  /// `?//`: an error of one pattern, or of the body behind it, tries the next; the last one's
  /// stays.
  private Op alternatives(Node.Bind node, Scope scope, Op next, boolean isPath) {
    Scope bound = scope;
    for (Node.Pattern pattern : node.patterns()) {
      bound = Patterns.declare(pattern, bound);
    }
    Op body = Ops.back(compile(node.body(), bound, next, isPath));
    Op op = null;
    for (Node.Pattern pattern : node.patterns().reversed()) {
      Op match = Patterns.clear(node.patterns(), bound, Patterns.match(this, pattern, bound, body));
      Op other = op;
      if (other == null) {
        op = match;
      } else {
        op =
            m -> {
              m.attempt(new Attempt(other, null));
              return match;
            };
      }
    }
    return Ops.aside(value(node.source(), scope, op));
  }

  private Node desugar(Node.Update update) {
    String operator = update.operator();
    return switch (operator) {
      case "=" -> new Node.Call("_assign", List.of(update.left(), update.right()), 0);
      case "|=" -> new Node.Call("_modify", List.of(update.left(), update.right()), 0);
      default -> {
        Node operand = new Node.Variable("*operand", 0);
        String plain = operator.substring(0, operator.length() - 1);
        Node combined =
            plain.equals("//")
                ? new Node.Alternative(new Node.Identity(), operand)
                : new Node.Binary(plain, new Node.Identity(), operand);
        yield new Node.Bind(
            update.right(),
            List.of(new Node.Pattern.Name("*operand")),
            new Node.Call("_modify", List.of(update.left(), combined), 0));
      }
    };
  }

  // ---- functions ----

  Scope define(Node.Function function, Scope scope, boolean isChecked) {
    Scope.Definition definition = new Scope.Definition(this, function);
    Scope inner = scope.define(function.name(), function.parameters().size(), definition);
    definition.scope = inner;
    if (isChecked) {
      definition.entry(false);
    }
    return inner;
  }

  /// Compiles the body of a definition.
  Op body(Scope.Definition definition, boolean isPath) {
    Scope scope = definition.scope.enter(definition.unit);
    List<String> values = new ArrayList<>();
    List<String> parameters = definition.function.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      String parameter = parameters.get(i);
      if (parameter.startsWith("$")) {
        parameter = parameter.substring(1);
        values.add(parameter);
      }
      scope = scope.parameter(parameter, i);
    }
    Node body = definition.function.body();
    for (String name : values.reversed()) {
      body =
          new Node.Bind(
              new Node.Call(name, List.of(), 0), List.of(new Node.Pattern.Name(name)), body);
    }
    return compile(body, scope, Op.RETURN, isPath);
  }

  private Op call(Node.Call node, Scope scope, Op next, boolean isPath) {
    int arity = node.arguments().size();
    Scope.Callee callee =
        scope.function(node.name(), arity).orElseGet(() -> builtin(node, arity, scope));
    return switch (callee) {
      case Scope.Callee.Parameter(int up, int slot) -> invoke(up, slot, next, isPath);
      case Scope.Callee.Defined(Scope.Definition definition, int up) ->
          defined(definition, up, node, scope, next, isPath);
      case Scope.Callee.Native(Natives.Function function) ->
          arguments(node.arguments(), scope, function, isPath ? Ops.nowhere(next) : next);
      case Scope.Callee.Special(Specials.Form form) ->
          form.compile(this, node.arguments(), scope, next, isPath);
    };
  }

  private Scope.Callee builtin(Node.Call node, int arity, Scope scope) {
    if (Specials.find(node.name(), arity) instanceof Specials.Form form) {
      return new Scope.Callee.Special(form);
    }
    if (Natives.find(node.name(), arity) instanceof Natives.Function function) {
      return new Scope.Callee.Native(function);
    }
    throw new NameProblem(
        node.name() + "/" + arity + " is not defined" + Suggestions.of(node.name(), arity, scope),
        node.at());
  }

  /// Evaluates the arguments, the last one first, and applies the function.
  private Op arguments(List<Node> nodes, Scope scope, Natives.Function function, Op next) {
    int count = nodes.size();
    if (count == 0) {
      return m -> {
        m.value = function.apply(m.value, Natives.NO_ARGUMENTS, m.budget);
        return next;
      };
    }
    Op op =
        m -> {
          Json[] arguments = new Json[count];
          arguments[0] = m.value;
          for (int i = 1; i < count; i++) {
            arguments[i] = (Json) m.pop();
          }
          Json input = (Json) m.pop();
          m.value = function.apply(input, arguments, m.budget);
          return next;
        };
    for (int i = 0; i < count; i++) {
      op = argument(nodes.get(i), scope, op, count - 1 - i);
    }
    Op first = op;
    return m -> {
      m.push(m.value);
      return first;
    };
  }

  /// Evaluates one argument over the input, which lies below `before` finished ones.
  private Op argument(Node node, Scope scope, Op next, int before) {
    Op body = value(node, scope, next);
    return m -> {
      if (before > 0) {
        m.push(m.value);
      }
      Machine.Cons at = m.stack;
      for (int i = 0; i < before; i++) {
        at = at.rest();
      }
      m.value = (Json) at.value();
      return body;
    };
  }

  private Op invoke(int up, int slot, Op next, boolean isPath) {
    return m -> {
      Scope.Closure closure = (Scope.Closure) m.frame(up).slots[slot];
      Op entry = closure.definition().entry(isPath);
      m.enter(next, new Frame(closure.frame(), closure.definition().unit.size));
      return entry;
    };
  }

  private Op defined(
      Scope.Definition definition, int up, Node.Call node, Scope scope, Op next, boolean isPath) {
    int count = node.arguments().size();
    List<Ops.Argument> arguments = new ArrayList<>();
    for (Node argument : node.arguments()) {
      arguments.add(closure(argument, scope));
    }
    Ops.Argument[] closures = arguments.toArray(Ops.Argument[]::new);
    return m -> {
      Op entry = definition.entry(isPath);
      Frame callee = new Frame(m.frame(up), definition.unit.size);
      for (int i = 0; i < count; i++) {
        callee.slots[i] = closures[i].close(m.frame);
      }
      m.enter(next, callee);
      return entry;
    };
  }

  /// An argument as a closure; a parameter that is passed on is passed on as it is.
  Ops.Argument closure(Node argument, Scope scope) {
    if (argument instanceof Node.Call(String name, List<Node> none, int _)
        && none.isEmpty()
        && scope.function(name, 0).orElse(null)
            instanceof Scope.Callee.Parameter(int up, int slot)) {
      return frame -> {
        Frame at = frame;
        for (int i = 0; i < up; i++) {
          at = at.parent;
        }
        return (Scope.Closure) at.slots[slot];
      };
    }
    Scope.Definition definition =
        new Scope.Definition(this, new Node.Function("", List.of(), argument));
    definition.scope = scope;
    if (!text.isEmpty()) {
      definition.entry(false);
    }
    return frame -> new Scope.Closure(definition, frame);
  }

  static JsonArray pathOf(Machine machine) {
    if (machine.path.length() < 0) {
      throw Values.failure("Invalid path expression with result " + Values.shorten(machine.value));
    }
    return machine.path.toJson();
  }
}
