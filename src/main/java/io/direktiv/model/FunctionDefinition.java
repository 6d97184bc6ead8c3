package io.direktiv.model;

import java.util.List;
import java.util.Optional;

/// A container that actions may call.
///
/// @param command replaces the image's command
/// @param scale how many sandboxes to keep ready at least, where the runtime makes them ahead
public record FunctionDefinition(
    String id,
    String image,
    Size size,
    Optional<String> command,
    int scale,
    Optional<String> contract,
    Optional<String> isolation,
    List<FunctionFile> files) {
  public FunctionDefinition {
    files = List.copyOf(files);
  }

  /// How much a sandbox may use.
  public enum Size {
    SMALL,
    MEDIUM,
    LARGE
  }

  /// A variable that the function finds as a file.
  ///
  /// @param as where, as a path below the function's folder
  /// @param type what the variable's bytes are
  public record FunctionFile(VariableScope scope, String key, String as, FileType type) {}

  /// What a variable's bytes are, and so what becomes of them (reference 1.4).
  public enum FileType {
    /// The content of the file.
    PLAIN("plain"),
    /// The content of the file in Base64.
    BASE64("base64"),
    /// An archive of a folder.
    TAR("tar"),
    /// The same, compressed.
    TAR_GZ("tar.gz");

    private final String word;

    FileType(String word) {
      this.word = word;
    }

    /// The word in YAML.
    public String word() {
      return word;
    }

    /// True when a folder is made of it.
    public boolean isArchive() {
      return this == TAR || this == TAR_GZ;
    }
  }
}
