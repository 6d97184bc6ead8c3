package io.direktiv.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.RegistryCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logins as Docker's manual describes its file ("docker login").
class DockerLoginsTest {
  @TempDir private Path folder;
  private final List<String> notes = new ArrayList<>();

  private Optional<RegistryCredentials> find(String config, String image) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    DockerLogins logins = new DockerLogins(Map.of("DOCKER_CONFIG", folder.toString()), notes::add);
    logins.find("", image);
    return logins.find("", image);
  }

  private static String auth(String login) {
    return "{\"auth\": \"" + Base64.getEncoder().encodeToString(login.getBytes()) + "\"}";
  }

  @Test
  void takesTheLoginOfTheLongestPart() throws Exception {
    // given
    String config =
        "{\"auths\": {\"registry.example\": "
            + auth("all:a")
            + ", \"https://registry.example/org\": "
            + auth("part:b:c")
            + ", \"https://index.docker.io/v1/\": "
            + auth("hub:d")
            + "}}";

    // then
    assertThat(find(config, "registry.example/org/tool:v1"))
        .contains(new RegistryCredentials("https://registry.example/org", "part", "b:c"));
    assertThat(find(config, "registry.example/other:v1").orElseThrow().user()).isEqualTo("all");
    assertThat(find(config, "alpine").orElseThrow().user()).isEqualTo("hub");
    assertThat(find(config, "ghcr.io/tool")).isEmpty();
    assertThat(notes).isEmpty();
  }

  @Test
  void knowsAnIdentityToken() throws Exception {
    // given
    String config = "{\"auths\": {\"registry.example\": {\"identitytoken\": \"secret\"}}}";

    // then
    RegistryCredentials login = find(config, "registry.example/tool").orElseThrow();
    assertThat(login.isRefreshToken()).isTrue();
    assertThat(login.token()).isEqualTo("secret");
  }

  @Test
  void asksNobodyForWhatNobodyLoggedInto() throws Exception {
    assertThat(find("{\"credsStore\": \"absent\", \"auths\": {}}", "registry.example/tool"))
        .isEmpty();
    assertThat(notes).isEmpty();
  }

  @Test
  void saysOnceThatAHelperGivesNoLogin() throws Exception {
    // given
    String config =
        "{\"credHelpers\": {\"registry.example\": \"no-such-program\"},"
            + " \"auths\": {\"other.example\": {}}, \"credsStore\": \"../evil\"}";

    // then
    assertThat(find(config, "registry.example/tool")).isEmpty();
    assertThat(find(config, "other.example/tool")).isEmpty();
    assertThat(notes).hasSize(2);
    assertThat(notes.getFirst())
        .contains("gives no login for registry.example: docker-credential-no-such-program")
        .endsWith("cannot be started");
    assertThat(notes.getLast()).endsWith("its name is none");
  }

  @Test
  void repeatsNothingOfAFileThatCannotBeRead() throws Exception {
    // then
    assertThat(find("a canary", "registry.example/tool")).isEmpty();
    assertThat(notes)
        .singleElement()
        .asString()
        .contains("config.json is no JSON object, so no login is used")
        .doesNotContain("canary");
  }

  @Test
  void needsNoFile() {
    assertThat(
            new DockerLogins(Map.of("DOCKER_CONFIG", folder + "/none"), notes::add)
                .find("", "registry.example/tool"))
        .isEmpty();
    assertThat(notes).isEmpty();
  }
}
