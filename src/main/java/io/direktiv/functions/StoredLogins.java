package io.direktiv.functions;

import io.direktiv.secrets.Vault;
import io.direktiv.secrets.VaultException;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.RegistryRecord;
import io.direktiv.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The logins that namespaces keep in the store, encrypted, and one of the server for everybody.
///
/// An entry's name is a registry's host, also with a scheme or with a path below it; the longest
/// that fits the image wins (reference 1.4). An entry without a login says that there is none: the
/// registry is asked without, even where the server has one for everybody.
public final class StoredLogins implements RegistryLogins {
  private static final Logger LOG = LoggerFactory.getLogger(StoredLogins.class);

  private final Store store;
  private final Vault vault;
  private final Optional<RegistryCredentials> everybodys;

  /// Logins in `store`, and `everybodys` for namespaces that have none of their own.
  public StoredLogins(Store store, Vault vault, Optional<RegistryCredentials> everybodys) {
    this.store = store;
    this.vault = vault;
    this.everybodys = everybodys;
  }

  @Override
  public Optional<RegistryCredentials> find(String namespace, String image) {
    ImageName name = ImageName.of(image);
    return store.holdings().registries(namespace, Page.ALL).items().stream()
        .filter(record -> name.isUnder(record.url()))
        .max(Comparator.comparingInt(record -> name.depthUnder(record.url())))
        .flatMap(record -> open(namespace, record))
        .or(() -> everybodys.filter(login -> name.isUnder(login.registry())))
        .filter(login -> !login.user().isEmpty() || !login.token().isEmpty());
  }

  private Optional<RegistryCredentials> open(String namespace, RegistryRecord record) {
    Optional<NamespaceRecord> owner = store.definitions().namespace(namespace);
    if (owner.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] plain = vault.open(owner.get(), record.url(), record.sealed());
      String[] parts = new String(plain, StandardCharsets.UTF_8).split(":", 2);
      return Optional.of(
          new RegistryCredentials(record.url(), parts[0], parts.length > 1 ? parts[1] : ""));
    } catch (VaultException e) {
      LOG.atWarn()
          .addKeyValue("namespace", namespace)
          .addKeyValue("registry", record.url())
          .log("registry login cannot be decrypted with this server's master key");
      return Optional.empty();
    }
  }
}
