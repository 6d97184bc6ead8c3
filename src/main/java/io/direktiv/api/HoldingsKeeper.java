package io.direktiv.api;

import io.direktiv.model.Names;
import io.direktiv.secrets.Vault;
import io.direktiv.store.Change;
import io.direktiv.store.Listing;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.RegistryRecord;
import io.direktiv.store.SecretRecord;
import io.direktiv.store.Store;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.VariableRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps secrets, registries and variables. Values of secrets go in and never come out.
final class HoldingsKeeper {
  private final Store store;
  private final Vault vault;
  private final Clock clock;

  HoldingsKeeper(Store store, Vault vault, Clock clock) {
    this.store = store;
    this.vault = vault;
    this.clock = clock;
  }

  void putSecret(String namespace, String name, byte[] value, boolean replace) {
    requireName("secret name", name);
    requireSize("secret", value, Limits.SECRET_BYTES_MAX);
    NamespaceRecord owner = namespace(namespace);
    byte[] sealed = vault.seal(owner, name, value);
    commit(
        new Change.PutSecret(new SecretRecord(namespace, name, sealed, clock.instant()), replace));
  }

  void deleteSecret(String namespace, String name) {
    commit(new Change.DeleteSecret(namespace, name));
  }

  Listing<String> secrets(String namespace, Page page) {
    Listing<SecretRecord> found = store.holdings().secrets(namespace, page);
    return new Listing<>(found.items().stream().map(SecretRecord::name).toList(), found.total());
  }

  void putRegistry(String namespace, String url, byte[] credentials, boolean replace) {
    requireName("registry url", url);
    requireSize("registry credentials", credentials, Limits.CREDENTIALS_BYTES_MAX);
    byte[] plain = credentials(credentials);
    NamespaceRecord owner = namespace(namespace);
    byte[] sealed = vault.seal(owner, url, plain);
    commit(
        new Change.PutRegistry(
            new RegistryRecord(namespace, url, sealed, clock.instant()), replace));
  }

  void deleteRegistry(String namespace, String url) {
    commit(new Change.DeleteRegistry(namespace, url));
  }

  Listing<String> registries(String namespace, Page page) {
    Listing<RegistryRecord> found = store.holdings().registries(namespace, page);
    return new Listing<>(found.items().stream().map(RegistryRecord::url).toList(), found.total());
  }

  void putVariable(VariableOwner owner, String key, byte[] value, String mimeType) {
    if (!Names.VARIABLE.matcher(key).matches()) {
      throw Refusals.invalid("variable key must match regex: " + Names.VARIABLE.pattern());
    }
    requireSize("variable", value, Limits.VARIABLE_BYTES_MAX);
    if (mimeType.length() > Limits.MIME_TYPE_CHARS_MAX || hasControls(mimeType)) {
      throw Refusals.invalid(
          "MIME type must have at most " + Limits.MIME_TYPE_CHARS_MAX + " printable characters");
    }
    requireOwner(owner);
    Instant now = clock.instant();
    Instant createdAt =
        store.holdings().variable(owner, key).map(VariableRecord::createdAt).orElse(now);
    commit(
        new Change.PutVariable(
            new VariableRecord(owner, key, value.clone(), mimeType, createdAt, now)));
  }

  VariableRecord variable(VariableOwner owner, String key) {
    return store
        .holdings()
        .variable(owner, key)
        .orElseThrow(() -> Refusals.absent("variable", key));
  }

  Listing<VariableRecord> variables(VariableOwner owner, Page page) {
    return store.holdings().variables(owner, page);
  }

  void deleteVariable(VariableOwner owner, String key) {
    commit(new Change.DeleteVariable(owner, key));
  }

  private void commit(Change change) {
    Refusals.await(store.commit(List.of(change)));
  }

  private NamespaceRecord namespace(String name) {
    return store
        .definitions()
        .namespace(name)
        .orElseThrow(() -> Refusals.absent("namespace", name));
  }

  private void requireOwner(VariableOwner owner) {
    switch (owner) {
      case VariableOwner.OfNamespace(String name) -> namespace(name);
      case VariableOwner.OfWorkflow(String _, String uid) ->
          require(store.definitions().workflow(uid), "workflow", uid);
      case VariableOwner.OfInstance(var id) ->
          require(store.instances().load(id), "instance", id.toString());
    }
  }

  private static void require(Optional<?> found, String type, String name) {
    if (found.isEmpty()) {
      throw Refusals.absent(type, name);
    }
  }

  /// `user:token`, also from the older `user!token` (reference 1.8), or nothing, which is no login.
  private static byte[] credentials(byte[] text) {
    String credentials = new String(text, StandardCharsets.UTF_8);
    if (credentials.isEmpty()) {
      return text;
    }
    int colon = credentials.indexOf(':');
    int mark = credentials.indexOf('!');
    if (colon < 0 && mark < 0) {
      throw Refusals.invalid("registry credentials must have the form user:token");
    }
    if (mark >= 0 && (colon < 0 || mark < colon)) {
      credentials = credentials.substring(0, mark) + ":" + credentials.substring(mark + 1);
    }
    return credentials.getBytes(StandardCharsets.UTF_8);
  }

  private static void requireName(String what, String name) {
    if (name.isBlank() || name.length() > Limits.NAME_CHARS_MAX || hasControls(name)) {
      throw Refusals.invalid(
          what + " must have 1 to " + Limits.NAME_CHARS_MAX + " printable characters");
    }
  }

  private static void requireSize(String what, byte[] value, int max) {
    if (value.length > max) {
      throw Refusals.tooLarge(what, value.length, max);
    }
  }

  private static boolean hasControls(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
