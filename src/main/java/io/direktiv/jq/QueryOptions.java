package io.direktiv.jq;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What the text of a query may name besides the language. [#NONE] is for the queries of strangers:
/// they compute from their input and know nothing else.
///
/// @param modules where `import` and `include` look
/// @param variables the names, without `$`, that [QueryHost#variable] has values for
/// @param grants which builtins about the world around there are
public record QueryOptions(Modules modules, List<String> variables, Set<Grant> grants) {
  /// No modules, no variables, nothing granted.
  public static final QueryOptions NONE = new QueryOptions(Modules.NONE, List.of(), Set.of());

  /// Builtins that a query has only when they are granted; without, they do not compile.
  public enum Grant {
    /// `input` and `inputs` read from [QueryHost#input].
    INPUT,
    /// `halt` and `halt_error` end the evaluation with a [QueryHaltException].
    HALT
  }

  public QueryOptions {
    variables = List.copyOf(variables);
    grants = Set.copyOf(grants);
  }

  /// These options with other modules.
  public QueryOptions with(Modules other) {
    return new QueryOptions(other, variables, grants);
  }

  /// These options with the variables `names`, without `$`.
  public QueryOptions withVariables(String... names) {
    return new QueryOptions(modules, List.of(names), grants);
  }

  /// These options with `granted` and nothing else granted.
  public QueryOptions granting(Grant... granted) {
    Set<Grant> set = EnumSet.noneOf(Grant.class);
    set.addAll(Arrays.asList(granted));
    return new QueryOptions(modules, variables, set);
  }
}
