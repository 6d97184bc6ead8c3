package io.direktiv.jq.syntax;

/// What a rule of the grammar makes of its parts.
sealed interface Rule permits QueryRule, TermRule, ObjectRule {
  /// What the present reduction of `parser` makes.
  Object reduce(Parser parser);
}
