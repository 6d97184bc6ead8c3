package io.direktiv.functions;

/// What a sandbox left where a file was asked for. Whoever runs in a sandbox may be hostile, so
/// anything but an ordinary file or folder of a bearable size is named and not read.
public sealed interface SandboxFile {
  /// An ordinary file.
  record Content(byte[] bytes) implements SandboxFile {}

  /// A folder, as an archive of what is in it. Links and the like are in it without content.
  record Archive(byte[] tar) implements SandboxFile {}

  /// A file or folder of more than `limit` bytes.
  record TooLarge(long limit) implements SandboxFile {}

  /// Something that is no ordinary file.
  ///
  /// @param kind for example "a directory" or "a symbolic link"
  record NotAFile(String kind) implements SandboxFile {}
}
