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

  private static final String END = "end of file";

  private final Tokens tokens;
  private int startsAt;
  private final Strings strings;
  private final Objects objects;

  private Parser(String text) throws QuerySyntaxException {
    this.tokens = new Tokens(text);
    this.strings = new Strings(tokens, this);
    this.objects = new Objects(tokens, this);
  }

  /// Parses a query; the empty text is `.`.
  public static Node.Program parse(String text) throws QuerySyntaxException {
    Parser parser = new Parser(text);
    if (parser.tokens.kind() == Token.Kind.END) {
      return new Node.Program(null, List.of(), List.of(), new Node.Identity());
    }
    Node.Program program = parser.program();
    if (program.body() == null) {
      throw QuerySyntaxException.of(
          text,
          new QuerySyntaxException.Problem(
              "Top-level program not given (try \".\")",
              "the query ends after its definitions",
              text.length(),
              -1,
              0));
    }
    return program;
  }

  /// Parses a module: definitions without a query.
  public static Node.Program parseModule(String text) throws QuerySyntaxException {
    Parser parser = new Parser(text);
    Node.Program program = parser.program();
    if (program.body() != null) {
      throw QuerySyntaxException.of(
          text,
          new QuerySyntaxException.Problem(
              "library should only have function definitions, not a main expression",
              "a module ends after its definitions",
              text.length(),
              -1,
              0));
    }
    return program;
  }

  private Node.Program program() throws QuerySyntaxException {
    Imports reader = new Imports(tokens, this);
    JsonObject metadata = tokens.is("module") ? reader.module() : null;
    List<Node.Import> imports = new ArrayList<>();
    while (tokens.is("import") || tokens.is("include")) {
      imports.add(reader.next());
    }
    List<Node.Function> functions = new ArrayList<>();
    while (tokens.is("def")) {
      functions.add(definition());
    }
    startsAt = tokens.now().start();
    Node body = tokens.kind() == Token.Kind.END ? null : pipe();
    if (tokens.kind() != Token.Kind.END) {
      throw afterQuery();
    }
    return new Node.Program(metadata, imports, functions, body);
  }

  private QuerySyntaxException afterQuery() {
    int last = tokens.lastEnd() - 1;
    boolean isAfterDot = tokens.lexer.isAt(last, '.') && !tokens.lexer.isAt(last - 1, '.');
    return isAfterDot
        ? tokens.unexpectedly(
            "", "try .[\"field\"] instead of .field for unusually named fields", tokens.now())
        : tokens.unexpected(END, "an operator such as '|' or the end of the query");
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
    tokens.expect("|", "'|'");
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
        tokens.expect("|", "'|'");
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
      Token operator = tokens.take();
      left = apply(operator, left, expression(found + 1));
      int next = level(tokens.now());
      if (next == found && (found == UPDATE || found == COMPARISON)) {
        throw tokens.unexpected(
            "something else: '"
                + operator.text()
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

  private static Node apply(Token token, Node left, Node right) {
    String operator = token.text();
    int at = token.start();
    return switch (operator) {
      case "or" -> new Node.Or(left, right);
      case "and" -> new Node.And(left, right);
      case "=", "|=", "+=", "-=", "*=", "/=", "%=", "//=" ->
          new Node.Update(operator, left, right, at);
      default -> new Node.Binary(operator, left, right, at);
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
    List<Token> signs = new ArrayList<>(0);
    while (tokens.is("-")) {
      signs.add(tokens.take());
    }
    Node node = postfix();
    for (Token sign : signs.reversed()) {
      node =
          node instanceof Node.Literal(JsonNumber number)
              ? new Node.Literal(number.negate())
              : new Node.Negate(node, sign.start());
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
        Token field = tokens.take();
        term = new Node.Index(term, new Node.Literal(Json.of(field.text())), field.start());
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
    int at = tokens.take().start();
    if (tokens.kind() == Token.Kind.STRING) {
      return new Node.Index(term, string(null), at);
    }
    if (tokens.kind() == Token.Kind.FORMAT) {
      return new Node.Index(term, formatted(), at);
    }
    if (tokens.is("[")) {
      return bracket(term);
    }
    throw tokens.unexpected(
        "FORMAT or QQSTRING_START or '['", "a field name after '.', as in .name or .\"any text\"");
  }

  private Node bracket(Node term) throws QuerySyntaxException {
    int at = tokens.take().start();
    if (tokens.skip("]")) {
      return new Node.Iterate(term, at);
    }
    if (tokens.skip(":")) {
      Node to = pipe();
      tokens.close("]", "']'");
      return new Node.Slice(term, null, to, at);
    }
    Node key = pipe();
    if (!tokens.skip(":")) {
      tokens.close("]", "':' or ']'");
      return new Node.Index(term, key, at);
    }
    Node to = tokens.is("]") ? null : pipe();
    tokens.close("]", "']'");
    return new Node.Slice(term, key, to, at);
  }

  private Node term() throws QuerySyntaxException {
    Token first = tokens.now();
    return switch (first.kind()) {
      case NUMBER -> new Node.Literal(JsonNumber.literal(tokens.take().text()));
      case STRING -> string(null);
      case FORMAT -> format();
      case FIELD -> {
        tokens.advance();
        Node key = new Node.Literal(Json.of(first.text()));
        yield new Node.Index(new Node.Identity(), key, first.start());
      }
      case VARIABLE -> {
        tokens.advance();
        yield first.text().equals("__loc__")
            ? new Node.Literal(location(first))
            : new Node.Variable(first.text(), first.start());
      }
      case NAME -> call();
      case KEYWORD -> keyword();
      case OPERATOR -> bracketed();
      case END, INVALID -> throw noValue();
    };
  }

  /// jq says what it expects only where the query may also be empty.
  private QuerySyntaxException noValue() {
    boolean isFirst = tokens.now().start() == startsAt && tokens.kind() != Token.Kind.END;
    return tokens.unexpected(
        isFirst ? END : "",
        tokens.lexer.isAt(tokens.now().start(), '\'')
            ? "a value; strings are written in double quotes, as in \"text\""
            : "a value such as .name, \"text\" or 1");
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

  private Node formatted() throws QuerySyntaxException {
    Node key = format();
    if (key instanceof Node.Format) {
      throw tokens.unexpected("QQSTRING_START", "a string after the format");
    }
    return key;
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
    if (tokens.is(".")) {
      int at = tokens.take().start();
      return switch (tokens.kind()) {
        case STRING -> new Node.Index(new Node.Identity(), string(null), at);
        case FORMAT -> new Node.Index(new Node.Identity(), formatted(), at);
        default -> new Node.Identity();
      };
    }
    if (tokens.is("{")) {
      return objects.object();
    }
    if (tokens.skip("(")) {
      Node body = pipe();
      tokens.close(")", "')'");
      return body;
    }
    if (tokens.skip("$")) {
      throw tokens.unexpected("'$'", "a name right behind '$', as in $name");
    }
    if (!tokens.skip("[")) {
      throw noValue();
    }
    if (tokens.skip("]")) {
      return new Node.Literal(JsonArray.EMPTY);
    }
    Node body = pipe();
    tokens.close("]", "']'");
    return new Node.ArrayOf(body);
  }

  private Node keyword() throws QuerySyntaxException {
    return switch (tokens.now().text()) {
      case "if" -> conditional();
      case "try" -> attempt();
      case "reduce" -> reduce();
      case "foreach" -> foreach();
      case "__loc__" -> call();
      default -> throw noValue();
    };
  }

  private record Branch(Node condition, Node then) {}

  private Node conditional() throws QuerySyntaxException {
    List<Branch> branches = new ArrayList<>();
    do {
      tokens.advance();
      Node condition = pipe();
      tokens.expect("then", "then or '|' or ','");
      branches.add(new Branch(condition, pipe()));
    } while (tokens.is("elif"));
    boolean hasElse = tokens.skip("else");
    Node node = hasElse ? pipe() : new Node.Identity();
    tokens.expect("end", hasElse ? "end or '|' or ','" : "");
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
    tokens.expect("(", "'('");
    Node initial = pipe();
    tokens.close(";", "';'");
    Node update = pipe();
    tokens.close(")", "')'");
    return new Node.Reduce(source, pattern, initial, update);
  }

  private Node foreach() throws QuerySyntaxException {
    tokens.advance();
    Node source = expression(LOWEST);
    tokens.expect("as");
    Node.Pattern pattern = objects.pattern();
    tokens.expect("(", "'('");
    Node initial = pipe();
    tokens.close(";", "';'");
    Node update = pipe();
    boolean hasExtract = tokens.skip(";");
    Node extract = hasExtract ? pipe() : new Node.Identity();
    tokens.close(")", hasExtract ? "')'" : "';' or ')'");
    return new Node.Foreach(source, pattern, initial, update, extract);
  }

  private Node call() throws QuerySyntaxException {
    Token name = tokens.take();
    if (name.text().equals("break")) {
      String label = variable();
      return new Node.Break(label, name.start(), tokens.lastEnd());
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
      throw tokens.unexpected("IDENT", "a function name");
    }
    final String name = tokens.take().text();
    List<String> parameters = new ArrayList<>();
    if (tokens.is("(")) {
      do {
        tokens.advance();
        parameters.add(parameter());
      } while (tokens.is(";"));
      tokens.expect(")", "';' or ')'");
    } else if (!tokens.is(":")) {
      throw tokens.unexpected("':' or '('", "':' and the body, or '(' and parameters");
    }
    tokens.expect(":", "':'");
    Node body = pipe();
    tokens.close(";", "';'");
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
      throw tokens.unexpected("IDENT or BINDING", "a parameter name");
    }
    return "$" + tokens.take().text();
  }

  private String variable() throws QuerySyntaxException {
    if (tokens.kind() != Token.Kind.VARIABLE) {
      throw tokens.unexpected("BINDING", "a variable such as $name");
    }
    return tokens.take().text();
  }
}
