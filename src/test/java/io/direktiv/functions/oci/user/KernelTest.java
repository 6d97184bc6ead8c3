package io.direktiv.functions.oci.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a user that is not root is told of kernels that let it make no sandboxes. The kernels are
/// given by what they would say of themselves, since one machine has one.
class KernelTest {
  private static Kernel kernel(String release, Map<String, String> settings) {
    return new Kernel(release, name -> settings.getOrDefault(name, ""));
  }

  @ParameterizedTest
  @CsvSource({
    "4.18.0-553.el8.x86_64, false, false",
    "5.10.0-30-amd64,       false, false",
    "5.11.0,                true,  false",
    "5.13.19-generic,       true,  false",
    "5.14.0-427.el9.x86_64, true,  true",
    "6.8.0-45-generic,      true,  true",
    "6.12,                  true,  true",
    "unknown,               true,  true"
  })
  void knowsWhatAReleaseCanDo(String release, boolean hasOverlays, boolean countsProcesses) {
    Kernel kernel = kernel(release, Map.of());

    assertThat(kernel.withoutOverlays().isEmpty()).isEqualTo(hasOverlays);
    assertThat(kernel.countsProcesses()).isEqualTo(countsProcesses);
  }

  @Test
  void saysWhichReleaseMountsOverlays() {
    assertThat(kernel("5.10.0-30-amd64", Map.of()).withoutOverlays().orElseThrow())
        .contains("Linux 5.10.0-30-amd64")
        .contains("5.11")
        .contains("isolation: docker");
  }

  @ParameterizedTest
  @CsvSource({
    "kernel/unprivileged_userns_clone,              0, kernel.unprivileged_userns_clone=1",
    "user/max_user_namespaces,                      0, user.max_user_namespaces=10000",
    "kernel/apparmor_restrict_unprivileged_userns,  1, kernel.apparmor_restrict_unprivileged_userns=0"
  })
  void namesTheSettingThatForbidsUserNamespaces(String name, String value, String advice) {
    assertThat(kernel("6.8.0", Map.of(name, value)).withoutNamespaces("unshare failed"))
        .contains("sysctl -w " + advice)
        .contains("run the server as root")
        .endsWith("(unshare failed)");
  }

  @Test
  void thinksOfAContainerWhenNoSettingForbidsThem() {
    String said =
        kernel("6.8.0", Map.of("kernel/unprivileged_userns_clone", "1"))
            .withoutNamespaces("unshare failed");

    assertThat(said).contains("as in many containers").doesNotContain("sysctl");
  }

  @Test
  void readsTheKernelOfThisMachine() {
    assertThat(Kernel.here().release()).isEqualTo(System.getProperty("os.version"));
  }
}
