package io.direktiv.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.api.AuthMode;
import io.direktiv.engine.EngineSettings;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.secrets.AesVault;
import io.direktiv.secrets.MasterKey;
import io.direktiv.server.Parts;
import io.direktiv.store.sql.SqlStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which stored login of a registry goes with an image.
class StoredLoginsTest {
  @TempDir private Path folder;

  @Test
  void findsTheLoginOfTheNamespaceThatFitsBest() {
    // given
    MasterKey key = MasterKey.random();
    RegistryCredentials everybodys = new RegistryCredentials("docker.io", "all", "a");
    try (ExecutorService notifier = Executors.newVirtualThreadPerTaskExecutor();
        Parts parts =
            Parts.build(
                SqlStore.open(folder, notifier),
                key,
                EngineSettings.DEFAULT,
                ExecutionSettings.DEFAULT,
                AuthMode.OFF,
                (_, _) -> new NoFunctions("none"))) {
      parts.api().createNamespace("one");
      parts.api().createNamespace("two");
      put(parts, "ghcr.io", "host:p1");
      put(parts, "ghcr.io/org", "org!p2:x");
      put(parts, "ghcr.io/open", "");
      put(parts, "https://index.docker.io/v1/", "hub:p3");
      put(parts, "docker.io/org", "part:p4");
      RegistryLogins logins =
          new StoredLogins(parts.store(), new AesVault(key), Optional.of(everybodys));

      // then
      assertLogin(logins, "one", "ghcr.io/other/app:v1", "host", "p1");
      assertLogin(logins, "one", "ghcr.io/org/app:v1", "org", "p2:x");
      assertLogin(logins, "one", "alpine", "hub", "p3");
      assertLogin(logins, "one", "org/app:v1", "part", "p4");
      assertLogin(logins, "two", "alpine", "all", "a");
      assertThat(logins.find("two", "ghcr.io/org/app:v1")).isEmpty();
      assertThat(logins.find("one", "quay.io/org/app")).isEmpty();
      assertThat(logins.find("one", "ghcr.io/open/app")).isEmpty();
      RegistryLogins others =
          new StoredLogins(parts.store(), new AesVault(MasterKey.random()), Optional.empty());
      assertThat(others.find("one", "alpine")).isEmpty();
    }
  }

  private static void put(Parts parts, String url, String credentials) {
    parts.api().putRegistry("one", url, credentials.getBytes(StandardCharsets.UTF_8), false);
  }

  private static void assertLogin(
      RegistryLogins logins, String namespace, String image, String user, String token) {
    RegistryCredentials login = logins.find(namespace, image).orElseThrow();
    assertThat(login.user()).isEqualTo(user);
    assertThat(login.token()).isEqualTo(token);
  }
}
