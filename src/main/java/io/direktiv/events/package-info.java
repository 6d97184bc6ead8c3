/// Events that belong together: the incomplete sets of workflows that wait for several events.
///
/// Start reading at [EventSets]. Which event fits which filter is said by `model.event`; storing
/// events and waking instances is left to `execution`.
package io.direktiv.events;
