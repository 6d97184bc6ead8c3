package io.direktiv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.api.Address;
import io.direktiv.api.AuthMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where settings come from, which one wins, and what is refused.
class SettingsReaderTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("direktiv.yml"), text);
  }

  @Test
  void usesDefaultsWhenNobodySaysAnything() {
    Settings settings = SettingsReader.read(Map.of(), Map.of());

    assertThat(settings.get(Catalog.API_BIND)).isEqualTo(new Address("127.0.0.1", 8080));
    assertThat(settings.get(Catalog.INGRESS_BIND)).isEqualTo(new Address("127.0.0.1", 6666));
    assertThat(settings.get(Catalog.DATA)).isEqualTo(Path.of("direktiv-data"));
    assertThat(settings.get(Catalog.AUTH)).isEqualTo(AuthMode.OFF);
    assertThat(settings.get(Catalog.RETENTION)).isEqualTo(Duration.ofDays(7));
    assertThat(settings.get(Catalog.TIMEOUT_KILL)).isEmpty();
    assertThat(settings.get(Catalog.STATE_BYTES)).isEqualTo(16L << 20);
  }

  @Test
  void prefersFlagsToTheEnvironmentAndThatToTheFile() throws IOException {
    Path file = file("data: a\nretention: 1d\njq-time: 1s\n");

    Settings settings =
        SettingsReader.read(
            Map.of("config", file.toString(), "data", "c"),
            Map.of("DIREKTIV_DATA", "b", "DIREKTIV_RETENTION", "2d"));

    assertThat(settings.get(Catalog.DATA)).isEqualTo(Path.of("c"));
    assertThat(settings.get(Catalog.RETENTION)).isEqualTo(Duration.ofDays(2));
    assertThat(settings.get(Catalog.JQ_TIME)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void knowsTheVariablesOfTheClient() {
    Settings settings =
        SettingsReader.read(
            Map.of(),
            Map.of("DIREKTIV_GRPC", "h:1", "DIREKTIV_TOKEN", "t", "DIREKTIV_TOKEN_FILE", "f"));

    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void findsTheFileThroughTheEnvironment() throws IOException {
    Path file = file("log-format: json\n");

    Settings settings = SettingsReader.read(Map.of(), Map.of("DIREKTIV_CONFIG", file.toString()));

    assertThat(settings.print()).contains("log-format: json").contains(file + ", line 1");
  }

  @Test
  void reportsEveryProblemOfTheFileWithItsLineAndTheNearestKey() throws IOException {
    Path file = file("api-bnd: 127.0.0.1:80\nauth: maybe\ndata: [a]\nauth: off\n");

    assertThatThrownBy(() -> SettingsReader.read(Map.of("config", file.toString()), Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(
            file + ", line 1: there is no setting \"api-bnd\"; did you mean \"api-bind\"?")
        .hasMessageContaining(file + ", line 2: auth must be off or tokens, but is \"maybe\"")
        .hasMessageContaining(file + ", line 3: must be KEY: VALUE")
        .hasMessageContaining(file + ", line 4: auth is set twice");
  }

  @Test
  void namesTheVariableTheValueAndWhatIsAllowed() {
    assertThatThrownBy(() ->
            SettingsReader.read(
                Map.of(), Map.of("DIREKTIV_STATE_BYTES", "many", "DIREKTIV_INSECURE", "2")))
        .hasMessageContaining(
            "DIREKTIV_STATE_BYTES: state-bytes must be a size such as 64KiB, 16MiB or 10GiB of at"
                + " least 1KiB, but is \"many\"")
        .hasMessageContaining("DIREKTIV_INSECURE: insecure must be true or false, but is \"2\"");
  }

  @Test
  void refusesAFileThatIsAbsentOrNoYaml() throws IOException {
    Path broken = file("data: [\n");

    assertThatThrownBy(() -> SettingsReader.read(Map.of("config", broken.toString()), Map.of()))
        .hasMessageContaining("this is not YAML");
    assertThatThrownBy(
            () -> SettingsReader.read(Map.of("config", folder + "/absent.yml"), Map.of()))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void warnsAboutVariablesThatLookLikeOurs() {
    Settings settings =
        SettingsReader.read(
            Map.of(), Map.of("DIREKTIV_DTA", "x", "DIREKTIV_JAVA_OPTS", "-Xmx1g", "PATH", "/bin"));

    assertThat(settings.warnings())
        .containsExactly(
            "the environment variable DIREKTIV_DTA is no setting and is ignored; did you mean"
                + " DIREKTIV_DATA?");
  }

  @Test
  void refusesAnAddressOfAnEngineThatNobodyCanReach() {
    assertThatThrownBy(
            () -> SettingsReader.read(Map.of(), Map.of("DIREKTIV_CONTAINER_HOST", "ssh://me@host")))
        .hasMessage(
            "DK0001: DIREKTIV_CONTAINER_HOST: container-host must be unix:///PATH or"
                + " tcp://HOST:PORT, but is \"ssh://me@host\"");
    assertThatThrownBy(() -> SettingsReader.read(Map.of("container-host", "tcp://h:0"), Map.of()))
        .hasMessageContaining("unix:///PATH or tcp://HOST:PORT, but is \"tcp://h:0\"");
    Settings settings = SettingsReader.read(Map.of("container-host", "/run/d.sock"), Map.of());
    assertThat(settings.get(Catalog.CONTAINER_HOST)).contains("/run/d.sock");
  }

  @Test
  void warnsAboutALoginThatLacksAPart() {
    // given
    Map<String, String> token = Map.of("DIREKTIV_FLOW_REGISTRY_TOKEN", "c2VjcmV0");

    // when
    Settings noRegistry = SettingsReader.read(Map.of("flow-registry-user", "u"), token);
    Settings noLogin = SettingsReader.read(Map.of("flow-registry", "ghcr.io"), Map.of());
    Settings whole =
        SettingsReader.read(Map.of("flow-registry", "ghcr.io", "flow-registry-user", "u"), token);

    // then
    assertThat(noRegistry.warnings())
        .containsExactly(
            "flow-registry-user and DIREKTIV_FLOW_REGISTRY_TOKEN do nothing without flow-registry,"
                + " the registry for it");
    assertThat(noLogin.warnings())
        .containsExactly(
            "flow-registry does nothing without flow-registry-user or"
                + " DIREKTIV_FLOW_REGISTRY_TOKEN, the login for it");
    assertThat(whole.warnings()).isEmpty();
  }

  @Test
  void keepsTheMasterKeyOutOfFilesFlagsAndWhatIsPrinted() throws IOException {
    Path file = file("master-key: c2VjcmV0\n");

    assertThatThrownBy(() -> SettingsReader.read(Map.of("config", file.toString()), Map.of()))
        .hasMessageContaining("the setting master-key may not stand in a file")
        .hasMessageNotContaining("c2VjcmV0");
    Settings settings = SettingsReader.read(Map.of(), Map.of("DIREKTIV_MASTER_KEY", "c2VjcmV0"));
    assertThat(settings.get(Catalog.MASTER_KEY)).contains("c2VjcmV0");
    assertThat(settings.toString()).doesNotContain("c2VjcmV0");
  }

  @Test
  void readsItsOwnPrintedFile() throws IOException {
    Settings before =
        SettingsReader.read(
            Map.of("api-bind", "[::1]:0", "timeout-kill", "90s", "data", "/a b/it's"), Map.of());
    Path file = file(before.print());

    Settings after = SettingsReader.read(Map.of("config", file.toString()), Map.of());

    for (Setting<?> setting : Catalog.ALL) {
      if (setting.kind() == Setting.Kind.OPEN) {
        assertThat(after.get(setting)).as(setting.key()).isEqualTo(before.get(setting));
      }
    }
  }
}
