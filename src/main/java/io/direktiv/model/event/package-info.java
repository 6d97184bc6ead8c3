/// Which event fits which filter, and which of several filters each of several events fills.
///
/// Start reading at [EventMatcher]. Pure: who waits with the filters is left to `engine` and
/// `events`.
package io.direktiv.model.event;
