package io.direktiv.jq.syntax;

import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Parses jq 1.8's grammar by precedence climbing.
///
/// Chains (`a | b | c`, `a, b, c`, definitions, bindings, operators of one level, suffixes) are
/// loops of any length. Only brackets and the like recurse, at most
/// [io.direktiv.jq.Limits#PARSE_DEPTH_MAX] deep.
public final class Parser {
  /// The level of operators that bind loosest, `//`.
  static final int LOWEST = 1;

  private static final int UPDATE = 2;
  private static final int COMPARISON = 5;

  private final Tokens tokens;
  private final Strings strings;
  private final Objects objects;

  private Parser(String text) throws QuerySyntaxException {
    this.tokens = new Tokens(text);
    this.strings = new Strings(tokens, this);
    this.objects = new Objects(tokens, this);
  }

  /// Parses a query.
  public static Node parse(String text) throws QuerySyntaxException {
    Parser parser = new Parser(text);
    if (parser.tokens.kind() == Token.Kind.END) {
      return new Node.Identity();
    }
    parser.refuseModules();
    Node node = parser.pipe();
    parser.end();
    return node;
  }

  /// Parses a file of definitions.
  public static List<Node.Function> parseDefinitions(String text) throws QuerySyntaxException {
    Parser parser = new Parser(text);
    List<Node.Function> functions = new ArrayList<>();
    while (parser.tokens.is("def")) {
      functions.add(parser.definition());
    }
    parser.end();
    return functions;
  }

  private void refuseModules() throws QuerySyntaxException {
    if (tokens.is("import") || tokens.is("include")) {
      throw tokens.error(
          "there are no modules to "
              + tokens.now().text()
              + ": a query has no files; put the definitions into the query",
          tokens.now());
    }
  }

  private void end() throws QuerySyntaxException {
    if (tokens.kind() != Token.Kind.END) {
      throw tokens.unexpected("end of file", "an operator such as '|' or the end of the query");
    }
  }

  /// A whole query: what stands between brackets.
  Node pipe() throws QuerySyntaxException {
    List<UnaryOperator<Node>> open = new ArrayList<>();
    Node node = null;
    while (node == null) {
      if (tokens.is("def")) {
        Node.Function function = definition();
        open.add(rest -> new Node.Define(function, rest));
      } else if (tokens.is("label")) {
        String label = label();
        open.add(rest -> new Node.Label(label, rest));
      } else {
        node = comma(open);
      }
    }
    for (UnaryOperator<Node> before : open.reversed()) {
      node = before.apply(node);
    }
    return node;
  }

  private String label() throws QuerySyntaxException {
    tokens.advance();
    String name = variable();
    tokens.expect("|");
    return name;
  }

  /// One stage of a pipe; null when a rest follows, which is wrapped by what is added to `open`.
  private Node comma(List<UnaryOperator<Node>> open) throws QuerySyntaxException {
    Node left = null;
    do {
      Node operand = expression(LOWEST);
      Node before = left;
      if (tokens.is("as")) {
        List<Node.Pattern> patterns = patterns();
        tokens.expect("|");
        open.add(rest -> beside(before, new Node.Bind(operand, patterns, rest)));
        return null;
      }
      left = beside(before, operand);
    } while (tokens.skip(","));
    if (!tokens.skip("|")) {
      return left;
    }
    Node stage = left;
    open.add(rest -> new Node.Pipe(stage, rest));
    return null;
  }

  private static Node beside(Node before, Node node) {
    return before == null ? node : new Node.Comma(before, node);
  }

  private List<Node.Pattern> patterns() throws QuerySyntaxException {
    tokens.expect("as");
    List<Node.Pattern> patterns = new ArrayList<>(List.of(objects.pattern()));
    while (tokens.skip("?//")) {
      patterns.add(objects.pattern());
    }
    return patterns;
  }

  /// An expression of operators that bind at least as tight as `level`.
  Node expression(int level) throws QuerySyntaxException {
    Node left = prefix();
    int found = level(tokens.now());
    while (found >= level) {
      if (found == LOWEST) {
        return alternatives(left);
      }
      String operator = tokens.take().text();
      left = apply(operator, left, expression(found + 1));
      int next = level(tokens.now());
      if (next == found && (found == UPDATE || found == COMPARISON)) {
        throw tokens.unexpected(
            "something else: '"
                + operator
                + "' does not chain, put parentheses around one of them");
      }
      found = next;
    }
    return left;
  }

  private static int level(Token token) {
    if (token.kind() != Token.Kind.OPERATOR && token.kind() != Token.Kind.KEYWORD) {
      return 0;
    }
    return switch (token.text()) {
      case "//" -> LOWEST;
      case "=", "|=", "+=", "-=", "*=", "/=", "%=", "//=" -> UPDATE;
      case "or" -> 3;
      case "and" -> 4;
      case "==", "!=", "<", "<=", ">", ">=" -> COMPARISON;
      case "+", "-" -> 6;
      case "*", "/", "%" -> 7;
      default -> 0;
    };
  }

  private static Node apply(String operator, Node left, Node right) {
    return switch (operator) {
      case "or" -> new Node.Or(left, right);
      case "and" -> new Node.And(left, right);
      case "=", "|=", "+=", "-=", "*=", "/=", "%=", "//=" -> new Node.Update(operator, left, right);
      default -> new Node.Binary(operator, left, right);
    };
  }

  /// `a // b // c`, which groups to the right.
  private Node alternatives(Node first) throws QuerySyntaxException {
    List<Node> operands = new ArrayList<>(List.of(first));
    while (tokens.skip("//")) {
      operands.add(expression(UPDATE));
    }
    Node node = operands.getLast();
    for (int i = operands.size() - 2; i >= 0; i--) {
      node = new Node.Alternative(operands.get(i), node);
    }
    return node;
  }

  private Node prefix() throws QuerySyntaxException {
    if (tokens.is("def") || tokens.is("label")) {
      tokens.enter();
      Node node = pipe();
      tokens.leave();
      return node;
    }
    int signs = 0;
    while (tokens.skip("-")) {
      signs++;
    }
    Node node = postfix();
    for (; signs > 0; signs--) {
      node =
          node instanceof Node.Literal(JsonNumber number)
              ? new Node.Literal(number.negate())
              : new Node.Negate(node);
    }
    return node;
  }

  private Node postfix() throws QuerySyntaxException {
    tokens.enter();
    Node term = suffixes(term());
    tokens.leave();
    return term;
  }

  private Node suffixes(Node first) throws QuerySyntaxException {
    Node term = first;
    while (true) {
      if (tokens.kind() == Token.Kind.FIELD) {
        term = new Node.Index(term, new Node.Literal(Json.of(tokens.take().text())));
      } else if (tokens.skip("?")) {
        term = new Node.Try(term, null);
      } else if (tokens.is("?//")) {
        Token both = tokens.now();
        tokens.replace(new Token(Token.Kind.OPERATOR, "//", both.start() + 1, both.end()));
        return new Node.Try(term, null);
      } else if (tokens.is("[")) {
        term = bracket(term);
      } else if (tokens.is(".")) {
        term = dot(term);
      } else {
        return term;
      }
    }
  }

  private Node dot(Node term) throws QuerySyntaxException {
    tokens.advance();
    if (tokens.kind() == Token.Kind.STRING) {
      return new Node.Index(term, string(null));
    }
    if (tokens.is("[")) {
      return bracket(term);
    }
    throw tokens.unexpected("a field name after '.', as in .name or .\"any text\"");
  }

  private Node bracket(Node term) throws QuerySyntaxException {
    tokens.expect("[");
    if (tokens.skip("]")) {
      return new Node.Iterate(term);
    }
    if (tokens.skip(":")) {
      Node to = pipe();
      tokens.expect("]");
      return new Node.Slice(term, null, to);
    }
    Node key = pipe();
    if (!tokens.skip(":")) {
      tokens.expect("]");
      return new Node.Index(term, key);
    }
    Node to = tokens.is("]") ? null : pipe();
    tokens.expect("]");
    return new Node.Slice(term, key, to);
  }

  private Node term() throws QuerySyntaxException {
    Token first = tokens.now();
    return switch (first.kind()) {
      case NUMBER -> new Node.Literal(JsonNumber.literal(tokens.take().text()));
      case STRING -> string(null);
      case FORMAT -> format();
      case FIELD ->
          new Node.Index(new Node.Identity(), new Node.Literal(Json.of(tokens.take().text())));
      case VARIABLE -> {
        tokens.advance();
        yield first.text().equals("__loc__")
            ? new Node.Literal(location(first))
            : new Node.Variable(first.text(), first.start());
      }
      case NAME -> call();
      case KEYWORD -> keyword();
      case OPERATOR -> bracketed();
      case END, INVALID -> throw tokens.unexpected(valueWanted());
    };
  }

  private String valueWanted() {
    return tokens.lexer.isAt(tokens.now().start(), '\'')
        ? "a value; strings are written in double quotes, as in \"text\""
        : "a value such as .name, \"text\" or 1";
  }

  Json location(Token at) {
    int line = 1;
    for (int i = 0; i < at.start(); i++) {
      line += tokens.lexer.text.charAt(i) == '\n' ? 1 : 0;
    }
    return JsonObject.builder().put("file", "<top-level>").put("line", line).build();
  }

  Node string(String format) throws QuerySyntaxException {
    return strings.string(format);
  }

  Node format() throws QuerySyntaxException {
    Token name = tokens.take();
    return tokens.kind() == Token.Kind.STRING
        ? string(name.text())
        : new Node.Format(name.text(), name.start());
  }

  private Node bracketed() throws QuerySyntaxException {
    if (tokens.skip("..")) {
      return new Node.RecurseAll();
    }
    if (tokens.skip(".")) {
      return tokens.kind() == Token.Kind.STRING
          ? new Node.Index(new Node.Identity(), string(null))
          : new Node.Identity();
    }
    if (tokens.is("{")) {
      return objects.object();
    }
    if (tokens.skip("(")) {
      Node body = pipe();
      tokens.expect(")");
      return body;
    }
    if (!tokens.skip("[")) {
      throw tokens.unexpected(valueWanted());
    }
    if (tokens.skip("]")) {
      return new Node.Literal(JsonArray.EMPTY);
    }
    Node body = pipe();
    tokens.expect("]");
    return new Node.ArrayOf(body);
  }

  private Node keyword() throws QuerySyntaxException {
    return switch (tokens.now().text()) {
      case "if" -> conditional();
      case "try" -> attempt();
      case "reduce" -> reduce();
      case "foreach" -> foreach();
      default -> throw tokens.unexpected(valueWanted());
    };
  }

  private record Branch(Node condition, Node then) {}

  private Node conditional() throws QuerySyntaxException {
    List<Branch> branches = new ArrayList<>();
    do {
      tokens.advance();
      Node condition = pipe();
      tokens.expect("then");
      branches.add(new Branch(condition, pipe()));
    } while (tokens.is("elif"));
    Node node = tokens.skip("else") ? pipe() : new Node.Identity();
    tokens.expect("end");
    for (Branch branch : branches.reversed()) {
      node = new Node.If(branch.condition, branch.then, node);
    }
    return node;
  }

  private Node attempt() throws QuerySyntaxException {
    tokens.advance();
    Node body = tried();
    return new Node.Try(body, tokens.skip("catch") ? tried() : null);
  }

  private Node tried() throws QuerySyntaxException {
    return tokens.is("-") ? prefix() : postfix();
  }

  private Node reduce() throws QuerySyntaxException {
    tokens.advance();
    Node source = expression(LOWEST);
    tokens.expect("as");
    Node.Pattern pattern = objects.pattern();
    tokens.expect("(");
    Node initial = pipe();
    tokens.expect(";");
    Node update = pipe();
    tokens.expect(")");
    return new Node.Reduce(source, pattern, initial, update);
  }

  private Node foreach() throws QuerySyntaxException {
    tokens.advance();
    Node source = expression(LOWEST);
    tokens.expect("as");
    Node.Pattern pattern = objects.pattern();
    tokens.expect("(");
    Node initial = pipe();
    tokens.expect(";");
    Node update = pipe();
    Node extract = tokens.skip(";") ? pipe() : new Node.Identity();
    tokens.expect(")");
    return new Node.Foreach(source, pattern, initial, update, extract);
  }

  private Node call() throws QuerySyntaxException {
    Token name = tokens.take();
    if (name.text().equals("break") && tokens.kind() == Token.Kind.VARIABLE) {
      return new Node.Break(variable(), name.start());
    }
    List<Node> arguments = new ArrayList<>();
    if (tokens.is("(")) {
      do {
        tokens.advance();
        arguments.add(pipe());
      } while (tokens.is(";"));
      if (!tokens.skip(")")) {
        throw tokens.unexpected("';' or ')'", "';' between arguments or ')'");
      }
    }
    return new Node.Call(name.text(), arguments, name.start());
  }

  private Node.Function definition() throws QuerySyntaxException {
    tokens.enter();
    tokens.expect("def");
    if (!isName(tokens.now())) {
      throw tokens.unexpected("a function name");
    }
    final String name = tokens.take().text();
    List<String> parameters = new ArrayList<>();
    if (tokens.is("(")) {
      do {
        tokens.advance();
        parameters.add(parameter());
      } while (tokens.is(";"));
      tokens.expect(")");
    } else if (!tokens.is(":")) {
      throw tokens.unexpected("'(' or ':'", "':' and the body, or '(' and parameters");
    }
    tokens.expect(":");
    Node body = pipe();
    tokens.expect(";");
    tokens.leave();
    return new Node.Function(name, parameters, body);
  }

  private static boolean isName(Token token) {
    return token.kind() == Token.Kind.NAME || token.kind() == Token.Kind.KEYWORD;
  }

  private String parameter() throws QuerySyntaxException {
    if (isName(tokens.now())) {
      return tokens.take().text();
    }
    if (tokens.kind() != Token.Kind.VARIABLE) {
      throw tokens.unexpected("a parameter name");
    }
    return "$" + tokens.take().text();
  }

  private String variable() throws QuerySyntaxException {
    if (tokens.kind() != Token.Kind.VARIABLE) {
      throw tokens.unexpected("a variable such as $name");
    }
    return tokens.take().text();
  }
}
