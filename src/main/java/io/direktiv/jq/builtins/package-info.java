/// What jq's operators and builtins do with values, and what that may cost.
///
/// Start reading at [Natives], which lists the builtins written in Java; [Values] has the operators
/// and the wording of jq's messages; [Budget] counts the cost of an evaluation and stops it.
/// Nothing here knows how a query is evaluated.
package io.direktiv.jq.builtins;
