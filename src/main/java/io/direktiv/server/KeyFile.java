package io.direktiv.server;

import io.direktiv.secrets.MasterKey;
import io.direktiv.secrets.Vault;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the master key of a server, and knows whether it is the one that its store was written
/// with.
final class KeyFile {
  private KeyFile() {}

  /// The key that `settings` name.
  ///
  /// @throws StartupException when its file lies in the data folder
  /// @throws io.direktiv.secrets.VaultException when there is no usable key
  static MasterKey load(Settings settings) {
    Path file = settings.get(Catalog.MASTER_KEY_FILE).orElseGet(KeyFile::standard);
    Optional<String> text = settings.get(Catalog.MASTER_KEY);
    if (text.isEmpty() && real(file).startsWith(real(settings.get(Catalog.DATA)))) {
      throw new StartupException(
          "DK0006: the master key "
              + file
              + " lies in the data folder, so that a copy of that folder would open every secret;"
              + " move it elsewhere and name it with --master-key-file",
          null);
    }
    return MasterKey.load(text, file);
  }

  private static Path standard() {
    return standard(System.getenv(), System.getProperty("user.home"));
  }

  /// `~/.config/direktiv/master.key`, or where XDG_CONFIG_HOME says.
  ///
  /// @param known the home that the system knows, which HOME overrides
  static Path standard(Map<String, String> environment, String known) {
    Path home = UserHome.of(environment, known);
    String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
    if (config.isBlank() && !home.isAbsolute()) {
      throw new StartupException(
          "DK0006: this user has no home folder for the master key; set DIREKTIV_MASTER_KEY or name"
              + " a file with --master-key-file",
          null);
    }
    Path base = config.isBlank() ? home.resolve(".config") : Path.of(config);
    return base.resolve("direktiv").resolve("master.key");
  }

  /// The path without links, as far as it exists.
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    for (Path there = absolute; there != null; there = there.getParent()) {
      if (Files.exists(there)) {
        try {
          return there.toRealPath().resolve(there.relativize(absolute));
        } catch (IOException _) {
          return absolute;
        }
      }
    }
    return absolute;
  }

  /// Refuses a key that does not open what `store` holds.
  static void check(Store store, Vault vault) {
    List<String> closed =
        store.definitions().namespaces(Page.ALL).items().stream()
            .filter(namespace -> !vault.opens(namespace))
            .map(NamespaceRecord::name)
            .toList();
    if (!closed.isEmpty()) {
      throw new StartupException(
          "DK0007: the master key is not the one that the secrets of "
              + (closed.size() == 1 ? "namespace " : closed.size() + " namespaces, such as ")
              + closed.getFirst()
              + " were written with; bring that key back with DIREKTIV_MASTER_KEY or"
              + " --master-key-file",
          null);
    }
  }
}
