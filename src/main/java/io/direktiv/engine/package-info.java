/// What is said about a running instance: the record [Instance], the [Wake] that wakes it, the
/// [Step] that answers, and the [Effect]s that the world must perform.
///
/// Start reading at [Wake] and [Step]. These records are what the rooms exchange; `engine.logic`
/// decides, `store` keeps, `execution` performs. Nothing here or below reads a clock, draws a
/// random number or performs I/O: times and ids arrive in the wake.
package io.direktiv.engine;
