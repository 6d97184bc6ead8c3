/// jq: queries compiled once and evaluated many times, bounded and interruptible.
///
/// Start reading at [Query]. Errors of a text are [QuerySyntaxException]s with line and column,
/// errors of an evaluation [QueryException]s, exceeded limits [QueryLimitException]s. Nothing here
/// depends on a room other than `json`.
package io.direktiv.jq;
