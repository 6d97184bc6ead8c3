package io.direktiv.functions.image.unpack;

/// How much one image may become.
///
/// @param bytesMax of all its layers: as they stand in archives, and on the disk
/// @param entriesMax files, folders and links of all its layers
public record UnpackLimits(long bytesMax, int entriesMax) {}
