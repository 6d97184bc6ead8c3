/// One request and its answer: what a [Route] is, how a [Router] finds it, what a handler sees of
/// the request ([Call]) and what it gives back ([Answer]), within [Limits].
///
/// Knows nothing of workflows; those are in `io.direktiv.api.http.resource`.
package io.direktiv.api.http.exchange;
