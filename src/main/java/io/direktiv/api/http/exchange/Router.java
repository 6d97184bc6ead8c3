package io.direktiv.api.http.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Finds the route of a request in a tree of path segments; a literal segment goes before a
/// parameter.
public final class Router {
  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    final Map<String, Route> methods = new LinkedHashMap<>();
    Node parameter;
    String name;
  }

  /// A route and the values of its path's parameters.
  public record Match(Route route, Map<String, String> values) {}

  private final Node root = new Node();
  private final List<Route> routes;

  public Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
    this.routes.forEach(this::add);
  }

  public List<Route> routes() {
    return routes;
  }

  private void add(Route route) {
    Node node = root;
    for (String segment : segments(route.path())) {
      if (segment.startsWith("{")) {
        if (node.parameter == null) {
          node.parameter = new Node();
          node.parameter.name = segment.substring(1, segment.length() - 1);
        }
        node = node.parameter;
      } else {
        node = node.literals.computeIfAbsent(segment, _ -> new Node());
      }
    }
    if (node.methods.put(route.method(), route) != null) {
      throw new IllegalStateException("two routes for " + route.method() + " " + route.path());
    }
  }

  /// The route for `method` and the encoded `path`.
  ///
  /// @throws Refusal 404 or 405 when there is none
  public Match match(String method, String path) {
    Map<String, String> values = new HashMap<>();
    Node node = find(path, values);
    if (node == null || node.methods.isEmpty()) {
      throw new Refusal(
          404,
          "request_path_not_found",
          "there is nothing at '"
              + Query.shortened(path)
              + "'; /api/v2/openapi.json lists what there is");
    }
    Route route = node.methods.get(method.equals("HEAD") ? "GET" : method);
    if (route == null) {
      String allowed = String.join(", ", allowed(node));
      throw new Refusal(
          405,
          "request_method_not_allowed",
          method + " is not possible at '" + Query.shortened(path) + "', but " + allowed + " are",
          Map.of("Allow", allowed),
          java.util.Optional.empty());
    }
    return new Match(route, values);
  }

  /// The methods that exist at `path`.
  public TreeSet<String> allowed(String path) {
    Node node = find(path, new HashMap<>());
    return node == null || node.methods.isEmpty() ? new TreeSet<>() : allowed(node);
  }

  private static TreeSet<String> allowed(Node node) {
    TreeSet<String> methods = new TreeSet<>(node.methods.keySet());
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    methods.add("OPTIONS");
    return methods;
  }

  private Node find(String path, Map<String, String> values) {
    Node node = root;
    for (String segment : segments(path)) {
      Node literal = node.literals.get(segment);
      if (literal != null) {
        node = literal;
      } else if (node.parameter != null && !segment.isEmpty()) {
        node = node.parameter;
        values.put(node.name, Query.decode(segment, false));
      } else {
        return null;
      }
    }
    return node;
  }

  /// The parts between slashes; one slash at the end counts for nothing.
  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>(8);
    int at = 1;
    while (at < path.length()) {
      int slash = path.indexOf('/', at);
      int end = slash < 0 ? path.length() : slash;
      segments.add(path.substring(at, end));
      at = end + 1;
    }
    return segments;
  }
}
