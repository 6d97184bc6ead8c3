package io.direktiv.functions.oci.user;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The Linux kernel of this machine and what it is set to, as far as that keeps users that are not
/// root from making sandboxes.
///
/// It is asked after something failed, never before: distributions change their kernels, so what
/// works is found by trying. Sources: `user_namespaces(7)`, the kernel's `admin-guide/sysctl`,
/// Ubuntu's release notes of 24.04.
///
/// @param release as `uname -r` prints it
/// @param settings gives the text of a file below `/proc/sys`, empty without one
public record Kernel(String release, UnaryOperator<String> settings) {
  private static final Path SYSTEM = Path.of("/proc/sys");
  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");
  private static final String INSTEAD =
      ", run the server as root, or let an engine run functions with the setting isolation: docker";

  /// The one that runs this process.
  public static Kernel here() {
    return new Kernel(setting("kernel/osrelease"), Kernel::setting);
  }

  private static String setting(String name) {
    try {
      return Files.readString(SYSTEM.resolve(name), StandardCharsets.UTF_8).strip();
    } catch (IOException _) {
      return "";
    }
  }

  /// True for this version and later ones, and for a release that says no version.
  public boolean isAtLeast(int major, int minor) {
    Matcher version = VERSION.matcher(release);
    if (!version.matches()) {
      return true;
    }
    int own = Integer.parseInt(version.group(1));
    return own > major || own == major && Integer.parseInt(version.group(2)) >= minor;
  }

  /// True when it counts the processes of each user namespace by themselves.
  public boolean countsProcesses() {
    return isAtLeast(5, 14);
  }

  /// Why a user namespace could not be made, and what to do about it: one sentence.
  ///
  /// @param said what `unshare` said
  public String withoutNamespaces(String said) {
    return refusal() + INSTEAD + " (" + said + ")";
  }

  private String refusal() {
    if (settings.apply("kernel/unprivileged_userns_clone").equals("0")) {
      return "this machine lets only root make user namespaces"
          + " (kernel.unprivileged_userns_clone is 0); set it to 1 with"
          + " sysctl -w kernel.unprivileged_userns_clone=1";
    }
    if (settings.apply("user/max_user_namespaces").equals("0")) {
      return "this machine lets nobody make user namespaces (user.max_user_namespaces is 0); set it"
          + " higher, for example with sysctl -w user.max_user_namespaces=10000";
    }
    if (settings.apply("kernel/apparmor_restrict_unprivileged_userns").equals("1")) {
      return "AppArmor leaves users that are not root no rights in their user namespaces"
          + " (kernel.apparmor_restrict_unprivileged_userns is 1); set it to 0 with"
          + " sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or load profiles that allow"
          + " /usr/bin/unshare, nsenter, runc and crun \"userns\"";
    }
    return "this user may make no user namespaces, as in many containers; allow the system calls"
        + " unshare and setns (for example docker run --security-opt seccomp=unconfined)";
  }

  /// What may be the reason when no sandbox could be made inside a user namespace.
  public Optional<String> withoutOverlays() {
    return isAtLeast(5, 11)
        ? Optional.empty()
        : Optional.of(
            "Linux "
                + release
                + " lets only root mount overlays, 5.11 and later let everybody"
                + "; take a later kernel"
                + INSTEAD);
  }
}
