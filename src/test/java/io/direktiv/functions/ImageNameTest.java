package io.direktiv.functions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// References to images, and which registry they belong to.
class ImageNameTest {
  @ParameterizedTest
  @CsvSource({
    "alpine, docker.io, library/alpine, latest, ''",
    "vorteil/smtp:v1, docker.io, vorteil/smtp, v1, ''",
    "localhost:5000/a/b, localhost:5000, a/b, latest, ''",
    "ghcr.io/org/app:1.2, ghcr.io, org/app, 1.2, ''",
    "index.docker.io/library/alpine, docker.io, library/alpine, latest, ''",
    "ghcr.io/org/app@sha256:abc, ghcr.io, org/app, '', sha256:abc",
    "ghcr.io/org/app:v2@sha256:abc, ghcr.io, org/app, '', sha256:abc",
    "EVIL/app, evil, app, latest, ''"
  })
  void readsReferences(String reference, String host, String path, String tag, String digest) {
    assertThat(ImageName.of(reference)).isEqualTo(new ImageName(host, path, tag, digest));
  }

  @ParameterizedTest
  @CsvSource({
    "vorteil/smtp, docker.io, true",
    "vorteil/smtp, https://index.docker.io/v1/, true",
    "ghcr.io/org/app, GHCR.io, true",
    "ghcr.io/org/app, ghcr.io/org, true",
    "ghcr.io/organic/app, ghcr.io/org, false",
    "ghcr.io/org/app, docker.io, false",
    "ghcr.io.evil.example/org/app, ghcr.io, false",
    "localhost:5000/app, localhost, false",
    "EVIL/app, docker.io, false",
    "LOCALHOST/app, docker.io, false",
    "ghcr.io@evil/org/app, ghcr.io, false",
    "ghcr.io:x@evil.example/org/app, ghcr.io, false"
  })
  void knowsItsRegistry(String reference, String registry, boolean isUnder) {
    assertThat(ImageName.of(reference).isUnder(registry)).isEqualTo(isUnder);
  }
}
