package io.direktiv.functions.image.registry;

import io.direktiv.functions.image.Descriptor;
import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.ImageException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/// Fetches one blob into a file. What is cut off goes on where it was, in this process or the next;
/// the digest is computed while bytes come in, and what does not fit it is thrown away.
///
/// A cut counts as a failure only when no byte came that was not there before, so a bad line takes
/// long, but ends.
final class Download {
  private final Registry registry;
  private final Descriptor blob;
  private final Path file;
  private final LongConsumer progress;
  private final byte[] buffer = new byte[Limits.BUFFER_BYTES];
  private MessageDigest computed;
  private long have;
  private String trouble = "it ends early";

  /// @param blob whose size is known
  Download(Registry registry, Descriptor blob, Path file, LongConsumer progress) {
    this.registry = registry;
    this.blob = blob;
    this.file = file;
    this.progress = progress;
  }

  void run() throws ImageException, IOException, InterruptedException {
    try (FileChannel out =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      takeWhatIsThere(out);
      boolean wasResumed = have > 0;
      fetch(out);
      boolean isRight = blob.digest().isOf(computed);
      if (!isRight && wasResumed) {
        // What an earlier process left may be what is wrong.
        restart(out);
        fetch(out);
        isRight = blob.digest().isOf(computed);
      }
      if (!isRight) {
        restart(out);
        throw broken("other bytes than those of " + blob.digest());
      }
      out.force(true);
    }
  }

  private void takeWhatIsThere(FileChannel out) throws IOException {
    restartDigest();
    if (out.size() > blob.size()) {
      restart(out);
      return;
    }
    ByteBuffer chunk = ByteBuffer.wrap(buffer);
    for (int got = out.read(chunk, 0); got > 0; got = out.read(chunk.clear(), have)) {
      computed.update(buffer, 0, got);
      have += got;
    }
  }

  private void restartDigest() {
    computed = blob.digest().start();
    have = 0;
  }

  private void restart(FileChannel out) throws IOException {
    out.truncate(0);
    restartDigest();
  }

  private void fetch(FileChannel out) throws ImageException, IOException, InterruptedException {
    int failures = 0;
    long best = have;
    while (have < blob.size()) {
      piece(out);
      failures = have > best ? 0 : failures + 1;
      best = Math.max(best, have);
      if (have < blob.size() && failures >= Limits.TRIES) {
        throw Exchange.unreachable(
            registry.address(), "sends " + have + " of " + blob.size() + " bytes: " + trouble);
      }
      if (failures > 0) {
        Thread.sleep(Limits.PAUSE.multipliedBy(1L << failures));
      }
    }
  }

  /// One answer's worth of bytes.
  private void piece(FileChannel out) throws ImageException, IOException, InterruptedException {
    try (Exchange.Reply reply = registry.open(blob.digest(), have)) {
      if (reply.status() == 416) {
        restart(out);
        return;
      }
      registry.requireFound(reply, "no blob " + blob.digest());
      String range = reply.headers().firstValue("Content-Range").orElse("");
      boolean goesOn = reply.status() == 206 && range.startsWith("bytes " + have + "-");
      if (have > 0 && !goesOn) {
        restart(out);
        if (reply.status() == 206) {
          return;
        }
      }
      try (StallGuard guard = new StallGuard(reply.body())) {
        copy(guard.in(), out);
      }
    }
  }

  private void copy(InputStream in, FileChannel out) throws ImageException, IOException {
    for (int got = read(in); got >= 0; got = read(in)) {
      if (got > blob.size() - have) {
        restart(out);
        throw broken("more than the " + blob.size() + " bytes of " + blob.digest());
      }
      ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, got);
      long at = have;
      while (chunk.hasRemaining()) {
        at += out.write(chunk, at);
      }
      computed.update(buffer, 0, got);
      have += got;
      progress.accept(have);
    }
  }

  /// Reads, or says -1 at a cut too: the caller counts bytes.
  private int read(InputStream in) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      trouble = String.valueOf(e.getMessage());
      return -1;
    }
  }

  private ImageException broken(String sent) {
    return new ImageException(
        Kind.BROKEN,
        "the registry at " + Exchange.place(registry.address()) + " sends " + sent,
        "push the image again, or use another registry");
  }
}
