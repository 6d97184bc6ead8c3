package io.direktiv.functions.image.source;

import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.ImageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Opens what lies on this machine, below the folders that an operator allows: who writes a
/// workflow must not choose which files of the server become an image.
///
/// @param allowed real paths
public record LocalSources(List<Path> allowed) {
  public LocalSources {
    allowed = List.copyOf(allowed);
  }

  /// What lies below `folders`, which have to be there.
  public static LocalSources below(List<Path> folders) throws IOException {
    List<Path> real = new ArrayList<>();
    for (Path folder : folders) {
      real.add(folder.toRealPath());
    }
    return new LocalSources(real);
  }

  /// Opens a folder, which is an OCI image layout or, where that is allowed, a root file system.
  ///
  /// @param scratch a file that may be made
  public Source open(ImageReference.Folder folder, Path scratch)
      throws ImageException, IOException {
    Path real = real(folder.path());
    if (Files.isRegularFile(real.resolve("index.json"))) {
      return new LayoutSource(Parcel.ofFolder(real), folder.tag());
    }
    if (folder.isLayout()) {
      throw new ImageException(
          Kind.BROKEN,
          folder.path() + " has no index.json, so it is no OCI image layout",
          "write one with skopeo copy or docker buildx build --output type=oci");
    }
    if (!Files.isDirectory(real)) {
      throw new ImageException(
          Kind.BROKEN,
          folder.path() + " is no folder",
          "name an OCI image layout or a root file system; archives begin with oci-archive: or"
              + " docker-archive:");
    }
    return new RootSource(real, scratch);
  }

  /// Opens an archive.
  public Source open(ImageReference.Archive archive) throws ImageException, IOException {
    Path real = real(archive.path());
    try {
      Parcel parcel = Parcel.ofArchive(real);
      return archive.isDocker()
          ? new DockerArchiveSource(parcel, archive.tag())
          : new LayoutSource(parcel, archive.tag());
    } catch (IOException e) {
      throw new ImageException(
          Kind.BROKEN,
          archive.path() + " cannot be read as an archive: " + e.getMessage(),
          "save the image again, without compressing the archive as a whole");
    }
  }

  /// The real path of what may be taken.
  public Path real(Path path) throws ImageException, IOException {
    try {
      Path real = path.toRealPath();
      if (allowed.stream().anyMatch(real::startsWith)) {
        return real;
      }
    } catch (NoSuchFileException _) {
      if (!allowed.isEmpty()) {
        throw new ImageException(Kind.ABSENT, path + " does not exist", "check the path");
      }
    }
    throw new ImageException(
        Kind.REFERENCE,
        path + " is on this machine, and images may not be taken from there",
        "push it to a registry, or allow its folder with the setting image-folders");
  }
}
