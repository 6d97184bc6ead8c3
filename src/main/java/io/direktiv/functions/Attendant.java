package io.direktiv.functions;

import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.reach.Inside;
import java.util.Optional;

/// Who is with a sandbox while it runs: gives it its input, hears what it prints, and may talk to
/// what listens in it. Called from several threads.
@FunctionalInterface
public interface Attendant {
  /// A line that the sandbox printed, or what the runtime has to say about the image; it may block,
  /// and then the sandbox waits.
  void line(OutputLine line);

  /// What the sandbox reads from stdin. A sandbox that does not read it is not disturbed.
  default byte[] input() {
    return new byte[0];
  }

  /// Who gets stdout as it is; when empty, it is cut into lines as stderr always is.
  default Optional<Bytes> stdout() {
    return Optional.empty();
  }

  /// The sandbox is made. Called as soon after its process begins as the runtime can, and again in
  /// the rare case that it had to be made anew; must return soon.
  ///
  /// @param inside works until the sandbox has ended
  default void begun(Inside inside) {
    // Most have no business in there.
  }

  /// Receives bytes as they come.
  @FunctionalInterface
  interface Bytes {
    /// Takes `count` bytes from `offset` on; the array is used again afterwards.
    void write(byte[] bytes, int offset, int count);
  }
}
