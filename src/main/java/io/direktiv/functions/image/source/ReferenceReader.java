package io.direktiv.functions.image.source;

import io.direktiv.functions.ImageName;
import io.direktiv.functions.image.Digest;
import io.direktiv.functions.image.ImageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Reads references.
final class ReferenceReader {
  /// The longest text that is one, in characters.
  private static final int CHARS_MAX = 512;

  /// Distribution's grammar of a path and a tag, whose host [ImageName] has taken off.
  private static final Pattern PATH =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");

  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  private ReferenceReader() {}

  /// Reads `text`.
  ///
  /// @throws ImageException when it is no reference
  static ImageReference read(String text) throws ImageException {
    if (text.isEmpty() || text.length() > CHARS_MAX || text.chars().anyMatch(c -> c < 0x21)) {
      throw none("it is no reference of an image");
    }
    if (text.startsWith("oci:")) {
      Local local = local(text.substring("oci:".length()));
      return new ImageReference.Folder(local.path(), local.tag(), true);
    }
    if (text.startsWith("oci-archive:")) {
      Local local = local(text.substring("oci-archive:".length()));
      return new ImageReference.Archive(local.path(), local.tag(), false);
    }
    if (text.startsWith("docker-archive:")) {
      Local local = local(text.substring("docker-archive:".length()));
      return new ImageReference.Archive(local.path(), local.tag(), true);
    }
    if (text.startsWith("/") || text.startsWith("./") || text.startsWith("../")) {
      return new ImageReference.Folder(path(text), "", false);
    }
    return new ImageReference.Remote(remote(text));
  }

  private static ImageName remote(String text) throws ImageException {
    ImageName name = ImageName.of(text.startsWith("docker://") ? text.substring(9) : text);
    boolean isGood =
        PATH.matcher(name.path()).matches()
            && (name.digest().isEmpty()
                ? TAG.matcher(name.tag()).matches()
                : Digest.parse(name.digest()).isPresent());
    if (!isGood) {
      throw none("it is no reference of an image");
    }
    return name;
  }

  /// A path with what follows its last colon.
  private record Local(Path path, String tag) {}

  private static Local local(String text) throws ImageException {
    int colon = text.lastIndexOf(':');
    boolean hasTag = colon > text.lastIndexOf('/') && colon > 0;
    return hasTag
        ? new Local(path(text.substring(0, colon)), text.substring(colon + 1))
        : new Local(path(text), "");
  }

  private static Path path(String text) throws ImageException {
    try {
      if (!text.isEmpty()) {
        return Path.of(text);
      }
    } catch (InvalidPathException _) {
      // Refused below.
    }
    throw none("\"" + text + "\" is no path");
  }

  private static ImageException none(String problem) {
    return new ImageException(
        ImageException.Kind.REFERENCE,
        problem,
        "write NAME:TAG, HOST/NAME:TAG, HOST/NAME@DIGEST, oci:FOLDER, oci-archive:FILE or"
            + " docker-archive:FILE");
  }
}
