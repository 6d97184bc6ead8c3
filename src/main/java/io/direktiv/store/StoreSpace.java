package io.direktiv.store;

/// The room that a store takes and has.
///
/// @param usedBytes what it holds; room of deleted things that it will use again is not counted
/// @param freeBytes what its disk has left
public record StoreSpace(long usedBytes, long freeBytes) {}
