package io.direktiv.functions.image;

import io.direktiv.functions.image.ImageException.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The disk that images lie on, and what its troubles mean for who wants one.
///
/// @param folder of all images
record Disk(Path folder) {
  private static final double MIB = 1 << 20;

  /// An image that could not be kept. What was made of it is gone already, so more may be free now
  /// than there was.
  ///
  /// @param layers the bytes of its layers as they come, 0 when nobody knows them
  ImageException trouble(IOException e, long layers) {
    String needs =
        layers == 0
            ? ""
            : "; its layers have " + mib(layers) + " packed, and it needs more unpacked";
    return new ImageException(
        Kind.DISK,
        "cannot be kept in " + folder + ": " + reason(e) + " (" + free() + needs + ")",
        "make room there, for example with: direktiv images prune; or name another folder with"
            + " images-folder (DIREKTIV_IMAGES_FOLDER)");
  }

  private String free() {
    try {
      return mib(Files.getFileStore(folder).getUsableSpace()) + " are free";
    } catch (IOException | SecurityException _) {
      return "what is free is not known";
    }
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "the permissions of " + denied.getFile() + " forbid it";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
