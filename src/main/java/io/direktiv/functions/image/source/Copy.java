package io.direktiv.functions.image.source;

import io.direktiv.functions.image.Descriptor;
import io.direktiv.functions.image.Digest;
import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.ImageException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/// Takes what lies on this machine, and checks it on the way.
final class Copy {
  private static final int BUFFER_BYTES = 128 << 10;

  private Copy() {}

  /// Copies a blob.
  ///
  /// @throws ImageException when it is not what its digest says
  static void into(InputStream in, Descriptor blob, Path file, LongConsumer progress)
      throws ImageException, IOException {
    MessageDigest computed = blob.digest().start();
    byte[] buffer = new byte[BUFFER_BYTES];
    long have = 0;
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        have += got;
        if (have > blob.size()) {
          break;
        }
        computed.update(buffer, 0, got);
        out.write(buffer, 0, got);
        progress.accept(have);
      }
      if (have != blob.size() || !blob.digest().isOf(computed)) {
        channel.truncate(0);
        throw broken(blob.digest());
      }
      channel.force(true);
    }
  }

  /// All of a small file.
  static byte[] bounded(InputStream in, String name, int most) throws IOException, ImageException {
    byte[] bytes = in.readNBytes(most + 1);
    if (bytes.length > most) {
      throw new ImageException(
          Kind.BROKEN, "its " + name + " has more than " + most + " bytes", "save the image again");
    }
    return bytes;
  }

  static ImageException broken(Digest digest) {
    return new ImageException(
        Kind.BROKEN, "it has other bytes than those of " + digest, "save the image again");
  }
}
