package io.direktiv.store;

import java.time.Instant;

/// A namespace.
///
/// @param wrappedKey the key of its secrets, encrypted with the server's master key
public record NamespaceRecord(String name, Instant createdAt, byte[] wrappedKey) {}
