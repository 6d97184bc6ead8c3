/// Decides what a running instance does next. [Engine#step] takes an instance and the wake that
/// woke it and returns a step: the next record, the effects to perform and the history.
///
/// Start reading at [Engine]; each kind of state has one `…Logic` class, and [Logic#of] names them
/// all. A [Turn] collects what one step changes; [Catching] decides about errors.
package io.direktiv.engine.logic;
