/// Decides what a running instance does next. [Engine#step] takes an [Instance] and the [Wake] that
/// woke it and returns a [Step]: the next record, the effects to perform and the history.
///
/// Start reading at [Engine]; each kind of state has one `…Logic` class. Nothing here reads a
/// clock, draws a random number or performs I/O: times and ids arrive in the wake. Effects are
/// performed by `execution`.
package io.direktiv.engine;
