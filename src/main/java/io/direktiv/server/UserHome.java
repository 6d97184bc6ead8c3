package io.direktiv.server;

import java.nio.file.Path;
import java.util.Map;

/// The home folder of this process's user.
public final class UserHome {
  private UserHome() {}

  /// The one that `HOME` names, else the one that the system knows, which in many containers is
  /// none.
  public static Path of(Map<String, String> environment) {
    return of(environment, System.getProperty("user.home"));
  }

  static Path of(Map<String, String> environment, String known) {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.startsWith("/") ? home : known);
  }
}
