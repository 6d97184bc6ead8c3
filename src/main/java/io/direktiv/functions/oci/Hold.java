package io.direktiv.functions.oci;

import java.io.IOException;

/// What holds a sandbox to the limit of its memory. Safe for use by many threads.
interface Hold {
  /// Begins to hold the sandbox whose first process is `child`, before that begins.
  ///
  /// @param memoryBytes the limit
  void begin(Child child, long memoryBytes);

  /// True when one of its processes was killed for memory.
  boolean sawMemoryKill();

  /// Stops or continues all its processes; false where that cannot be done.
  default boolean freeze(boolean isFrozen) {
    return false;
  }

  /// Removes what held it; none of its processes runs any more.
  void remove() throws IOException;
}
