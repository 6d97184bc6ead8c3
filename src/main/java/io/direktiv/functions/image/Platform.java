package io.direktiv.functions.image;

import io.direktiv.json.JsonObject;

/// For which machines an image is, in the words of Go.
///
/// @param variant such as `v8`, or empty
public record Platform(String os, String architecture, String variant) {
  /// This machine; containers run Linux.
  public static Platform ofThisMachine() {
    String arch = System.getProperty("os.arch");
    return new Platform(
        "linux",
        switch (arch) {
          case "x86_64", "amd64" -> "amd64";
          case "aarch64" -> "arm64";
          case "x86", "i386" -> "386";
          default -> arch;
        },
        "");
  }

  static Platform read(JsonObject json) {
    return new Platform(
        Descriptor.text(json, "os"),
        Descriptor.text(json, "architecture"),
        Descriptor.text(json, "variant"));
  }

  /// True when this machine runs what is made for `other`. What says nothing runs anywhere.
  boolean runs(Platform other) {
    return (other.os.isEmpty() || other.os.equals(os))
        && (other.architecture.isEmpty() || other.architecture.equals(architecture));
  }

  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
