package io.direktiv.store;

import java.util.List;
import java.util.Optional;

/// Variables, secrets, registries and tokens.
public interface Holdings {
  /// A variable.
  Optional<VariableRecord> variable(VariableOwner owner, String key);

  /// The variables of an owner by key, without values.
  Listing<VariableRecord> variables(VariableOwner owner, Page page);

  /// A secret.
  Optional<SecretRecord> secret(String namespace, String name);

  /// The secrets of a namespace by name.
  Listing<SecretRecord> secrets(String namespace, Page page);

  /// The registries of a namespace by url.
  Listing<RegistryRecord> registries(String namespace, Page page);

  /// The token with this hash.
  Optional<TokenRecord> token(byte[] hash);

  /// All tokens by name.
  List<TokenRecord> tokens();
}
