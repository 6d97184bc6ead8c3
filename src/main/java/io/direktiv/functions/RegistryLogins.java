package io.direktiv.functions;

import java.util.Optional;

/// Finds the login for an image's registry.
public interface RegistryLogins {
  /// The login that `namespace` has for the registry of `image`; empty when it has none.
  Optional<RegistryCredentials> find(String namespace, String image);

  /// These logins, and those of `others` for images that these have none for.
  default RegistryLogins or(RegistryLogins others) {
    return (namespace, image) -> find(namespace, image).or(() -> others.find(namespace, image));
  }

  /// A namespace without logins.
  RegistryLogins NONE = (_, _) -> Optional.empty();
}
