/// What survives a crash: namespaces, workflows, instances and everything they wait for.
///
/// Start reading at [Store]. All writing goes through [Store#commit]: a list of [Change]s that
/// happen together or not at all, grouped with those of others into one flush. Reading sees what
/// was committed. What the records mean is left to `engine` and the hands; nothing here decides.
package io.direktiv.store;
