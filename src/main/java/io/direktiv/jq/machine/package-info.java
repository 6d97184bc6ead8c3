/// Turns a query's tree into operations and runs them without the host's stack.
///
/// Start reading at [Machine], which explains the idea; [Compiler] makes its operations, [Scope]
/// knows what names mean, and `prelude.jq` has the builtins that are written in jq.
package io.direktiv.jq.machine;
