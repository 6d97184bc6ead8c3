package io.direktiv.server;

import io.direktiv.functions.image.ImageLimits;
import io.direktiv.functions.image.ImageSettings;
import io.direktiv.functions.image.Images;
import io.direktiv.functions.image.registry.Proxies;
import io.direktiv.functions.image.registry.Registries;
import io.direktiv.functions.oci.OciRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Opens the images of this machine, which servers and commands share.
public final class ImagesSetup {
  private static final Path ROOTS = Path.of("/var/cache");

  private ImagesSetup() {}

  /// The images that `environment` says, for a command whose user may take any folder of this
  /// machine as one.
  ///
  /// @param patience how long a registry is waited for that said before what a reference names
  /// @throws SettingsException when a variable cannot be used
  public static Images ofUser(Map<String, String> environment, Duration patience)
      throws IOException {
    Settings settings = SettingsReader.read(Map.of(), environment);
    return open(settings, environment, List.of(Path.of("/")), patience);
  }

  /// The images of a server with `settings`.
  static Images ofServer(Settings settings, Map<String, String> environment) throws IOException {
    return open(settings, environment, settings.get(Catalog.IMAGE_FOLDERS), ImageLimits.PATIENCE);
  }

  private static Images open(
      Settings settings,
      Map<String, String> environment,
      List<Path> localFolders,
      Duration patience)
      throws IOException {
    ImageLimits limits =
        new ImageLimits(settings.get(Catalog.IMAGES_BYTES), ImageLimits.DEFAULT.each());
    return new Images(
        folder(settings, environment),
        new Registries(Set.copyOf(settings.get(Catalog.PLAIN_REGISTRIES)), proxies(environment)),
        new ImageSettings(limits, OciRuntime.OWNER, localFolders, patience));
  }

  private static Proxies proxies(Map<String, String> environment) {
    try {
      return new Proxies(environment);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(List.of(e.getMessage()));
    }
  }

  /// A length of time as settings are written.
  ///
  /// @throws IllegalArgumentException with what was expected
  public static Duration duration(String text) {
    return Readers.duration(text);
  }

  /// A size as settings are written.
  ///
  /// @throws IllegalArgumentException with what was expected
  public static long bytes(String text) {
    return Readers.bytes(0).read(text);
  }

  /// Where images lie.
  static Path folder(Settings settings, Map<String, String> environment) {
    return settings.get(Catalog.IMAGES_FOLDER).orElseGet(() -> folder(environment));
  }

  /// Where images lie when nobody says it.
  private static Path folder(Map<String, String> environment) {
    return cache(
            "root".equals(System.getProperty("user.name")),
            environment.getOrDefault("XDG_CACHE_HOME", ""),
            UserHome.of(environment))
        .resolve("direktiv")
        .resolve("images");
  }

  /// A user's folder for what can be had again (XDG Base Directory Specification: a path that is
  /// not absolute does not count).
  static Path cache(boolean isRoot, String given, Path home) {
    if (isRoot) {
      return ROOTS;
    }
    return given.startsWith("/") ? Path.of(given) : home.resolve(".cache");
  }
}
