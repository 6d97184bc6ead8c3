package io.direktiv.functions.image;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What operators set about images.
///
/// @param shift what is added to the users of unpacked files, when this process is root; 0 when
///   sandboxes have no user namespace
/// @param localFolders below which folders and archives of this machine may be taken; empty for
///   nowhere
/// @param patience how long a registry is waited for that said before what a reference names
public record ImageSettings(
    ImageLimits limits, int shift, List<Path> localFolders, Duration patience) {
  public ImageSettings {
    localFolders = List.copyOf(localFolders);
  }
}
