package io.direktiv.api.http.exchange;

import java.time.Duration;

/// How much the door takes on at one time; more is answered 503.
///
/// @param requests requests under way
/// @param waits of these, how many may wait for an instance; one more is answered 202 at once
/// @param streams open streams of events
/// @param connections open connections; further ones wait until one closes
/// @param bodiesBytes bytes of bodies that are held together
/// @param idle how long a connection may be silent
/// @param bodyTime how long a body may take, beside the time that [Limits#BODY_RATE_MIN] allows
public record Bounds(
    int requests,
    int waits,
    int streams,
    int connections,
    long bodiesBytes,
    Duration idle,
    Duration bodyTime) {
  /// 4,096 requests of which 3,072 wait, 1,024 streams, 8,192 connections, 512 MiB of bodies, 60
  /// seconds of silence, 30 seconds for a body.
  public static final Bounds DEFAULT =
      new Bounds(
          4_096, 3_072, 1_024, 8_192, 512L << 20, Duration.ofSeconds(60), Duration.ofSeconds(30));
}
