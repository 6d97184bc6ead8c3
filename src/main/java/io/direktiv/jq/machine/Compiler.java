package io.direktiv.jq.machine;

import io.direktiv.jq.Limits;
import io.direktiv.jq.QueryException;
import io.direktiv.jq.QueryHost;
import io.direktiv.jq.QueryOptions;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.QuerySyntaxException.Problem;
import io.direktiv.jq.builtins.Budget;
import io.direktiv.jq.builtins.Values;
import io.direktiv.jq.direct.Direct;
import io.direktiv.jq.machine.Machine.Attempt;
import io.direktiv.jq.machine.Machine.Frame;
import io.direktiv.jq.syntax.Node;
import io.direktiv.jq.syntax.Parser;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Compiles a syntax tree to operations, from the end to the beginning: each operation is given
/// what comes after it.
///
/// Every expression can be compiled in two modes. In value mode the machine's value is all there
/// is; in path mode the machine also knows where the value stands, which `path(f)` and the
/// assignments need. Only what an expression reaches in path mode is compiled for it. Names,
/// bindings and constructions are compiled by [Calls], [Bindings] and [Constructions].
public final class Compiler {
  private static final Node RECURSE = new Node.Call("recurse", List.of(), 0);

  private final Calls calls;
  private final Bindings bindings;
  private final Constructions constructions;
  private final List<Unknown> unknowns = new ArrayList<>();
  private final Deque<Scope.Definition> unchecked = new ArrayDeque<>();
  private final QueryOptions options;
  private final Kind kind;

  /// Set before anything runs; what is compiled later is known to be right.
  private boolean isChecked;

  /// What is compiled.
  enum Kind {
    /// A query, whose text errors point into.
    QUERY,
    MODULE,
    /// The builtins, which are known to be right.
    PRELUDE
  }

  /// A name that means nothing; what may be meant is looked for when it is reported.
  private record Unknown(String message, Supplier<String> hint, int start, int end) {
    Problem problem(String text) {
      return Suggestions.inText(new Problem(message, hint.get(), start, end), text);
    }
  }

  Compiler(QueryOptions options, Kind kind) {
    this.options = options;
    this.kind = kind;
    this.isChecked = kind == Kind.PRELUDE;
    this.calls = new Calls(this);
    this.bindings = new Bindings(this);
    this.constructions = new Constructions(this);
  }

  /// A compiled query, and the variables of its frame: the host's are the first, and data that is
  /// imported has its slots.
  public static final class Program {
    private final Op start;
    private final Scope.Unit unit;
    private final List<String> given;
    private final Map<Integer, Json> data;
    private final Direct direct;
    private final List<Problem> doubts;
    private final List<Problem> doubtsAsCondition;

    private Program(
        Op start,
        Scope.Unit unit,
        List<String> given,
        Map<Integer, Json> data,
        Direct direct,
        Node.Program tree) {
      this.doubts = tree.doubts();
      this.doubtsAsCondition = tree.doubtsAsCondition();
      this.start = start;
      this.unit = unit;
      this.given = given;
      this.data = data;
      this.direct = direct;
    }

    /// The fast way to evaluate this; null when there is none.
    public Direct direct() {
      return direct;
    }

    /// What is allowed in the text and hardly meant.
    ///
    /// @param isCondition that the query decides something
    public List<Problem> doubts(boolean isCondition) {
      return isCondition ? doubtsAsCondition : doubts;
    }

    /// A machine at the beginning of this program.
    public Machine over(Json input, Budget budget, QueryHost host) {
      Frame frame = new Frame(null, unit.size);
      for (int i = 0; i < given.size(); i++) {
        frame.slots[i] = host.variable(given.get(i));
      }
      data.forEach((slot, value) -> frame.slots[slot] = value);
      return new Machine(start, input, frame, budget, host);
    }
  }

  /// Compiles the text of a query.
  public static Program compile(String text, QueryOptions options) throws QuerySyntaxException {
    Compiler compiler = new Compiler(options, Kind.QUERY);
    Node.Program program = Parser.parse(text);
    Scope.Unit unit = new Scope.Unit();
    Scope scope = new Scope(unit, Prelude.scope());
    for (String name : options.variables()) {
      scope = scope.bind(name);
    }
    Linker linker = new Linker(options, scope);
    scope = linker.bindQuery(program.imports(), text);
    for (Node.Function function : program.functions()) {
      scope = compiler.calls.define(function, scope);
    }
    Op start = Build.run(compiler.value(program.body(), scope, Op.OUTPUT));
    compiler.check(QuerySyntaxException.TOP_LEVEL, text);
    Direct direct =
        program.imports().isEmpty() && options.modules().included().isEmpty()
            ? Direct.of(program, options.variables(), Prelude.functions()).orElse(null)
            : null;
    return new Program(start, unit, options.variables(), linker.data(), direct, program);
  }

  /// Compiles the functions that are called, and says what is wrong in the text.
  void check(String origin, String text) throws QuerySyntaxException {
    while (!unchecked.isEmpty()) {
      unchecked.poll().entry(false);
    }
    isChecked = true;
    if (!unknowns.isEmpty()) {
      List<Problem> problems =
          unknowns.stream()
              .sorted(Comparator.comparingInt(Unknown::start))
              .limit(Limits.PROBLEMS_MAX)
              .map(unknown -> unknown.problem(text))
              .distinct()
              .toList();
      throw new QuerySyntaxException(origin, text, problems);
    }
  }

  /// A function is called, so its body has to be right.
  void check(Scope.Definition definition) {
    if (!isChecked && definition.calls.isOf(this) && definition.isUnchecked()) {
      unchecked.add(definition);
    }
  }

  QueryOptions options() {
    return options;
  }

  Calls calls() {
    return calls;
  }

  boolean isPrelude() {
    return kind == Kind.PRELUDE;
  }

  /// Where an error of `at` is reported; -1 where the author of the query cannot see it.
  int place(int at) {
    return kind == Kind.QUERY ? at : -1;
  }

  /// Notes that a name means nothing; what is compiled for it is never run.
  Build unknown(String message, Supplier<String> hint, int start, int end) {
    unknowns.add(new Unknown(message, hint, start, end));
    return Build.done(_ -> null);
  }

  // ---- value mode ----

  Build value(Node node, Scope scope, Op next) {
    return new Build.Later(() -> valueOf(node, scope, next));
  }

  private Build valueOf(Node node, Scope scope, Op next) {
    return switch (node) {
      case Node.Identity _ -> Build.done(next);
      case Node.RecurseAll _ -> value(RECURSE, scope, next);
      case Node.Literal(Json literal) -> Build.done(Ops.literal(literal, next));
      case Node.Interpolation text -> constructions.interpolation(text, scope, next);
      case Node.Format(String name, int at) -> constructions.format(name, at, next);
      case Node.Index index -> index(index, scope, next);
      case Node.Slice slice -> slice(slice, scope, next);
      case Node.Iterate(Node target, int at) -> value(target, scope, Ops.iterate(next, place(at)));
      case Node.Try attempt -> attempt(attempt, scope, next, false);
      case Node.ArrayOf(Node body) -> constructions.array(body, scope, next);
      case Node.ObjectOf object -> constructions.object(object, scope, next);
      case Node.Pipe(Node left, Node right) ->
          value(right, scope, next).then(after -> value(left, scope, after));
      case Node.Comma(Node left, Node right) -> either(left, right, scope, next, false);
      case Node.Binary binary -> binary(binary, scope, next);
      case Node.Negate negate -> negate(negate, scope, next);
      case Node.And(Node left, Node right) -> logic(left, right, false, scope, next);
      case Node.Or(Node left, Node right) -> logic(left, right, true, scope, next);
      case Node.Alternative alternative -> alternative(alternative, scope, next, false);
      case Node.Update update -> value(desugar(update), scope, next);
      case Node.If conditional -> conditional(conditional, scope, next, false);
      case Node.Reduce reduce -> bindings.reduce(reduce, scope, next, false);
      case Node.Foreach foreach -> bindings.foreach(foreach, scope, next, false);
      case Node.Bind bind -> bindings.bind(bind, scope, next, false);
      case Node.Variable(String name, int at) -> bindings.variable(name, at, scope, next);
      case Node.Call call -> calls.call(call, scope, next, false);
      case Node.Define(Node.Function function, Node body) ->
          value(body, calls.define(function, scope), next);
      case Node.Label label -> bindings.label(label, scope, next, false);
      case Node.Break end -> bindings.breakTo(end, scope);
    };
  }

  // ---- path mode ----

  Build path(Node node, Scope scope, Op next) {
    return new Build.Later(() -> pathOf(node, scope, next));
  }

  private Build pathOf(Node node, Scope scope, Op next) {
    return switch (node) {
      case Node.Identity _ -> Build.done(next);
      case Node.RecurseAll _ -> path(RECURSE, scope, next);
      case Node.Index(Node target, Node key, int at) ->
          path(target, scope, Ops.indexPath(next, place(at)))
              .then(access -> beside(key, scope, access))
              .map(Ops::aside);
      case Node.Slice(Node target, Node from, Node to, int at) ->
          path(target, scope, Ops.slicePath(next, place(at)))
              .then(access -> beside(orNull(to), scope, access))
              .then(second -> beside(orNull(from), scope, Ops.aside(second)))
              .map(Ops::aside);
      case Node.Iterate(Node target, int at) ->
          path(target, scope, Ops.iteratePath(next, place(at)));
      case Node.Try attempt -> attempt(attempt, scope, next, true);
      case Node.Pipe(Node left, Node right) ->
          path(right, scope, next).then(after -> path(left, scope, after));
      case Node.Comma(Node left, Node right) -> either(left, right, scope, next, true);
      case Node.Alternative alternative -> alternative(alternative, scope, next, true);
      case Node.If conditional -> conditional(conditional, scope, next, true);
      case Node.Reduce reduce -> bindings.reduce(reduce, scope, next, true);
      case Node.Foreach foreach -> bindings.foreach(foreach, scope, next, true);
      case Node.Bind bind -> bindings.bind(bind, scope, next, true);
      case Node.Call call -> calls.call(call, scope, next, true);
      case Node.Define(Node.Function function, Node body) ->
          path(body, calls.define(function, scope), next);
      case Node.Label label -> bindings.label(label, scope, next, true);
      case Node.Break end -> bindings.breakTo(end, scope);
      case Node.Literal(Json literal) when literal == Json.NULL -> Build.done(Ops.nullPath(next));
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

  Build compile(Node node, Scope scope, Op next, boolean isPath) {
    return isPath ? path(node, scope, next) : value(node, scope, next);
  }

  /// Evaluates `node` over a value that was put aside with its place, exchanges the two, and goes
  /// on.
  private Build beside(Node node, Scope scope, Op next) {
    return value(node, scope, Ops.exchange(next));
  }

  private Build negate(Node.Negate negate, Scope scope, Op next) {
    return constant(negate) instanceof Json number
        ? Build.done(Ops.literal(number, next))
        : value(negate.operand(), scope, Ops.negate(next, place(negate.at())));
  }

  /// What a literal, or a negated one, comes to; else null.
  private static Json constant(Node node) {
    return switch (node) {
      case Node.Literal(Json value) -> value;
      case Node.Negate(Node.Literal(JsonNumber number), int _) -> number.negate();
      default -> null;
    };
  }

  private static Node orNull(Node node) {
    return node == null ? new Node.Literal(Json.NULL) : node;
  }

  // ---- expressions ----

  private Build either(Node left, Node right, Scope scope, Op next, boolean isPath) {
    return compile(right, scope, next, isPath)
        .then(second -> compile(left, scope, next, isPath).map(first -> Ops.either(first, second)));
  }

  private Build index(Node.Index index, Scope scope, Op next) {
    if (constant(index.key()) instanceof Json key) {
      int at = place(index.at());
      Op access =
          key instanceof JsonString name ? Ops.field(name, next, at) : Ops.constant(key, next, at);
      return value(index.target(), scope, access);
    }
    return value(index.target(), scope, Ops.index(next, place(index.at())))
        .then(target -> beside(index.key(), scope, target))
        .map(Ops::aside);
  }

  private Build slice(Node.Slice slice, Scope scope, Op next) {
    return value(slice.target(), scope, Ops.slice(next, place(slice.at())))
        .then(target -> beside(orNull(slice.to()), scope, target))
        .then(second -> beside(orNull(slice.from()), scope, Ops.aside(second)))
        .map(Ops::aside);
  }

  private Build binary(Node.Binary binary, Scope scope, Op next) {
    Values.Operator operator = Values.operator(binary.operator());
    int at = place(binary.at());
    if (constant(binary.right()) instanceof Json right) {
      return value(binary.left(), scope, Ops.operator(operator, right, next, at));
    }
    return value(binary.left(), scope, Ops.operator(operator, next, at))
        .then(left -> beside(binary.right(), scope, left))
        .map(Ops::aside);
  }

  private Build logic(Node left, Node right, boolean decided, Scope scope, Op next) {
    Op last =
        m -> {
          m.value = Json.of(Values.isTruthy(m.value));
          return next;
        };
    return value(right, scope, last)
        .then(second -> {
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
          return value(left, scope, first).map(Ops::aside);
        });
  }

  private Build conditional(Node.If node, Scope scope, Op next, boolean isPath) {
    return compile(node.otherwise(), scope, next, isPath)
        .then(otherwise ->
            compile(node.then(), scope, next, isPath)
                .then(then -> value(node.condition(), scope, Ops.choose(then, otherwise))))
        .map(Ops::aside);
  }

  private Build attempt(Node.Try node, Scope scope, Op next, boolean isPath) {
    Build handler =
        node.handler() == null
            ? Build.done(_ -> null)
            : compile(node.handler(), scope, next, isPath);
    Op leave =
        m -> {
          m.leave(m.pop());
          return next;
        };
    return handler.then(
        handle -> compile(node.body(), scope, leave, isPath).map(body -> trying(body, handle)));
  }

  private static Op trying(Op body, Op handler) {
    Op caught =
        m -> {
          QueryException error = (QueryException) m.extra;
          m.value = error.value();
          m.path = Path.NONE;
          return handler;
        };
    return m -> {
      Attempt attempt = new Attempt(caught, null);
      m.attempt(attempt);
      m.push(attempt);
      return body;
    };
  }

  private Build alternative(Node.Alternative node, Scope scope, Op next, boolean isPath) {
    Op check =
        m -> {
          if (!Values.isTruthy(m.value)) {
            return null;
          }
          Ops.Flag flag = (Ops.Flag) m.pop();
          flag.isSet = true;
          return next;
        };
    return compile(node.right(), scope, next, isPath)
        .then(fallback ->
            compile(node.left(), scope, check, isPath).map(body -> preferring(body, fallback)));
  }

  private static Op preferring(Op body, Op fallback) {
    return m -> {
      Ops.Flag flag = new Ops.Flag();
      m.fork(_ -> flag.isSet ? null : fallback);
      m.push(flag);
      return body;
    };
  }

  private static Node desugar(Node.Update update) {
    String operator = update.operator();
    return switch (operator) {
      case "=" -> new Node.Call("_assign", List.of(update.left(), update.right()), update.at());
      case "|=" -> new Node.Call("_modify", List.of(update.left(), update.right()), update.at());
      default -> {
        Node operand = new Node.Variable("*operand", 0);
        String plain = operator.substring(0, operator.length() - 1);
        Node combined =
            plain.equals("//")
                ? new Node.Alternative(new Node.Identity(), operand)
                : new Node.Binary(plain, new Node.Identity(), operand, update.at());
        yield new Node.Bind(
            update.right(),
            List.of(new Node.Pattern.Name("*operand")),
            new Node.Call("_modify", List.of(update.left(), combined), update.at()));
      }
    };
  }
}
