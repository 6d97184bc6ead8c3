/// What the texts in a workflow come to: expressions over data, the input of an action, printf
/// formats and patterns of error codes. What goes wrong is a [StateFailure].
///
/// For `engine.logic`, which decides with the values, and for `execution`, which computes an
/// action's input at the last moment, when its secrets are known.
package io.direktiv.engine.expression;
