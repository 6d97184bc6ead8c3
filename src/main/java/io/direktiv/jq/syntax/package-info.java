/// jq's grammar: a query's text becomes a tree.
///
/// Start reading at [Parser]; [Node] is the tree. What names mean is left to `jq.machine`.
package io.direktiv.jq.syntax;
