/// Events: which of them fit which listeners.
///
/// Start reading at [EventMatcher]; [EventSets] keeps the incomplete sets of workflows that wait
/// for several events. Storing events and waking instances is left to `execution`.
package io.direktiv.events;
