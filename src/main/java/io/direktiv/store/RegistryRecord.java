package io.direktiv.store;

import java.time.Instant;

/// The credentials for a registry, encrypted.
///
/// @param sealed nonce and ciphertext of `user:token` under the namespace's key
public record RegistryRecord(String namespace, String url, byte[] sealed, Instant createdAt) {}
