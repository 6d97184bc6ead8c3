package io.direktiv.store;

import java.time.Instant;

/// A secret, encrypted.
///
/// @param sealed nonce and ciphertext under the namespace's key
public record SecretRecord(String namespace, String name, byte[] sealed, Instant createdAt) {}
