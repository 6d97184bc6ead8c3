package io.direktiv.functions.image;

/// A manifest or index as it stands.
///
/// @param mediaType what its source calls it, or empty
public record Content(String mediaType, Digest digest, byte[] bytes) {}
