package io.direktiv.api.grpc;

import io.direktiv.api.Limits;
import java.time.Duration;

/// The limits of the gRPC door; those of what clients send are in [io.direktiv.api.Limits].
///
/// @param messageBytesMax the largest message in bytes; larger ones are `RESOURCE_EXHAUSTED`
/// @param callsMax calls under way, waiting ones included; one more is `RESOURCE_EXHAUSTED`
/// @param callsPerConnectionMax calls under way on one connection; its client holds more back
/// @param listItemsMax the longest list in one answer; a caller that asks for all of more than that
///   is told to ask for pages
/// @param waitMax the longest that a call may wait for the end of an instance
/// @param stopMax how long stopping waits for calls that are under way
public record GrpcSettings(
    int messageBytesMax,
    int callsMax,
    int callsPerConnectionMax,
    int listItemsMax,
    Duration waitMax,
    Duration stopMax) {
  /// The usual limits: the largest input and 1 MiB around it, 4,096 calls, 256 on one connection,
  /// 100,000 items, waits up to an hour, 5 seconds to stop.
  public static final GrpcSettings DEFAULT =
      new GrpcSettings(
          Limits.INPUT_BYTES_MAX + (1 << 20),
          4_096,
          256,
          100_000,
          Duration.ofHours(1),
          Duration.ofSeconds(5));
}
