package io.direktiv.server;

import java.util.Optional;
import picocli.CommandLine;

/// The version of this program, as its jar says; a program that was not packed has none.
public final class Version implements CommandLine.IVersionProvider {
  /// The provider; picocli makes it.
  public Version() {}

  /// Such as `0.1.0+1f8602c`.
  static String text() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("unpacked");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"direktiv " + text()};
  }
}
