package io.direktiv.execution;

import io.direktiv.engine.InstanceId;
import io.direktiv.store.Instances;
import java.util.HashMap;
import java.util.Map;

/// How many subflows live below each instance that is none itself, so that subflows which start
/// subflows do not multiply without end. Safe for use by many threads.
///
/// A family is counted in the store when its first child since the server's start is begun, and in
/// memory from then on; it is forgotten when its last child has ended.
final class Families {
  private final Instances instances;
  private final int most;
  private final Map<InstanceId, Integer> living = new HashMap<>();

  Families(Instances instances, int most) {
    this.instances = instances;
    this.most = most;
  }

  /// Counts a child that is to be begun; false when the family has as many as it may have.
  boolean join(InstanceId root) {
    int stored = isKnown(root) ? 0 : instances.living(root, most);
    synchronized (this) {
      int now = living.getOrDefault(root, stored);
      if (now >= most) {
        return false;
      }
      living.put(root, now + 1);
      return true;
    }
  }

  private synchronized boolean isKnown(InstanceId root) {
    return living.containsKey(root);
  }

  /// A child has ended, or was not begun after all.
  synchronized void leave(InstanceId root) {
    living.computeIfPresent(root, (_, now) -> now <= 1 ? null : now - 1);
  }

  /// Counts anew, after instances of a namespace were deleted.
  synchronized void recount(String namespace) {
    living.keySet().removeIf(root -> root.namespace().equals(namespace));
  }
}
