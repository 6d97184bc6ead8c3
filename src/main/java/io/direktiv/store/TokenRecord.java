package io.direktiv.store;

import java.time.Instant;
import java.util.Optional;

/// An API token.
///
/// @param hash SHA-256 of the token
/// @param namespace the only namespace it opens; absent for all
public record TokenRecord(
    String name,
    byte[] hash,
    Optional<String> namespace,
    Instant createdAt,
    Optional<Instant> expiresAt) {}
