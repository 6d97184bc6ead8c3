/// How operators see the server: names of log keys.
///
/// Used by the hands and the doors. Instance logs are not operator logs: they are data in the
/// store.
package io.direktiv.telemetry;
