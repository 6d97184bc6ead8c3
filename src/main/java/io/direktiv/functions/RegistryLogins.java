package io.direktiv.functions;

import java.util.Optional;

/// Finds the login for an image's registry.
public interface RegistryLogins {
  /// The login that `namespace` has for the registry of `image`; empty when it has none.
  Optional<RegistryCredentials> find(String namespace, String image);

  /// A namespace without logins.
  RegistryLogins NONE = (_, _) -> Optional.empty();
}
