/// jq's grammar: a query's text becomes a tree.
///
/// Start reading at [Parser], which does what `tables.txt` says; that is made of `grammar.txt`.
/// [Lexer] cuts the text, the rules make [Node]s, [Hints] says what to do about mistakes. What
/// names mean is left to `jq.machine`.
package io.direktiv.jq.syntax;
