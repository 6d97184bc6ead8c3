package io.direktiv.functions;

import java.util.Map;

/// How a sandbox ended and what it left.
///
/// @param isDiskFull true when it is known to have used up its disk
/// @param files by name; a file that it did not leave is missing
public record SandboxEnd(Exit exit, boolean isDiskFull, Map<String, SandboxFile> files) {
  public SandboxEnd {
    files = Map.copyOf(files);
  }

  /// An end with room left on its disk, as far as is known.
  public SandboxEnd(Exit exit, Map<String, SandboxFile> files) {
    this(exit, false, files);
  }

  /// An end without files.
  public static SandboxEnd of(Exit exit) {
    return new SandboxEnd(exit, Map.of());
  }
}
