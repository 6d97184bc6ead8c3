package io.direktiv.store;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Visit;
import java.util.List;
import java.util.Optional;

/// Instances, their history and their logs.
public interface Instances {
  /// The record of an instance, with the outcomes of its branches.
  Optional<Instance> load(InstanceId id);

  /// Instances that fit `query`, newest first.
  Listing<InstanceSummary> list(InstanceQuery query, Page page);

  /// The instance that was started with `startKey` in `namespace`.
  Optional<InstanceId> byStartKey(String namespace, String startKey);

  /// The answer to an `Idempotency-Key`.
  Optional<IdempotencyRecord> byIdempotencyKey(String namespace, String key);

  /// Passed visits, oldest first.
  Listing<Visit> history(InstanceId id, Page page);

  /// Log lines, oldest first.
  Listing<LogLine> logs(InstanceId id, Page page);

  /// How many subflows below `root` have not ended, counted up to `atMost`.
  int living(InstanceId root, int atMost);

  /// Ids of instances that were begun and wait for nothing, so must be run on; in order of id,
  /// after `after` (empty for the first).
  List<InstanceId> ready(Optional<InstanceId> after, int limit);
}
