package io.direktiv.secrets;

import io.direktiv.store.NamespaceRecord;

/// Encrypts and decrypts with the keys of namespaces. Safe for use by many threads.
public interface Vault {
  /// A new namespace key, wrapped by the master key.
  byte[] newKey(String namespace);

  /// True when the namespace's key can be unwrapped with the master key.
  boolean opens(NamespaceRecord namespace);

  /// Encrypts `plain` with the namespace's key; `name` is bound to the result.
  byte[] seal(NamespaceRecord namespace, String name, byte[] plain);

  /// Decrypts what [#seal] made.
  ///
  /// @throws VaultException when the key or the bytes are not the right ones
  byte[] open(NamespaceRecord namespace, String name, byte[] sealed);
}
