package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.Exit;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.SandboxLimits.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Attempts to take more of this machine than a sandbox may have, and to make the server read what
/// is not the sandbox's. [DiskTest] has those of the disk.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@ParameterizedClass
@MethodSource("tools")
record BombTest(String tool) {
  private static final SandboxLimits LIMITS = OciFixture.limits(Network.NONE);
  private static OciFixture fixture;

  static Stream<String> tools() {
    return OciFixture.tools();
  }

  @BeforeParameterizedClassInvocation
  static void start(String tool) throws IOException {
    fixture = OciFixture.with(tool);
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private static SandboxEnd run(String script) throws Exception {
    return fixture.runtime().run(OciFixture.sandbox(script, LIMITS), _ -> {});
  }

  @Test
  void aForkBombDoesNotDisturbItsNeighbour() throws Exception {
    // given one that has gone off: it has all the processes that it may have
    Sandbox bomb =
        OciFixture.sandbox(
            "(for i in $(seq 200); do sleep 30 & done) 2> /dev/null; echo full; exec sleep 30",
            LIMITS);
    try (OciFixture.Running running = fixture.running(bomb)) {
      assertThat(running.firstLine()).isEqualTo("full");

      // then a neighbour may have as many processes as ever
      assertThat(
              fixture.said("for i in $(seq 40); do sleep 30 & done; echo alive; kill %1", LIMITS))
          .isEqualTo("alive\n");
    }
  }

  @Test
  void memoryThatManyProcessesTakeIsCountedAsOne() throws Exception {
    // given one after the other of ten processes, shells that hold 8 MiB as a variable
    SandboxEnd end =
        run(
            "for i in $(seq 10); do"
                + " (x=$(head -c 8388608 /dev/zero | tr '\\0' x); true > /tmp/$i; sleep 30; echo $x) &"
                + " n=0; while [ ! -e /tmp/$i ] && [ $n -lt 200 ] && kill -0 $!; do"
                + " sleep 0.02; n=$((n + 1)); done; done");

    // then
    assertThat(end.exit()).isEqualTo(new Exit.OutOfMemory(LIMITS.memoryBytes()));
  }

  @Test
  void filesInMemoryAreMemory() throws Exception {
    OciFixture.require(
        OciRuntime.isRoot(), "without a control group files in memory have a limit of their own");
    // given the 64 MiB of /dev/shm and as much again for the one who holds them
    SandboxEnd end =
        run(
            "for i in 1 2 3; do head -c 31457280 /dev/zero > /dev/shm/$i; done;"
                + " x=$(head -c 16777216 /dev/zero | tr '\\0' x); sleep 1");

    // then
    assertThat(end.exit()).isEqualTo(new Exit.OutOfMemory(LIMITS.memoryBytes()));
  }

  @Test
  void aResultThatIsSwappedForALinkAtTheLastMomentIsNeverFollowed() throws Exception {
    // given
    Path secret = Files.writeString(fixture.folder().resolve("secret"), "of this machine");
    String script =
        "cd /direktiv-data; echo mine > real; ln -s %s link; while true; do ln -f real data.out;"
                .formatted(secret)
            + " mv link data.out; ln -s %s link; done & sleep 0.0%d";

    // when
    for (int i = 0; i < 10; i++) {
      SandboxEnd end = run(script.formatted(secret, i));

      // then
      SandboxFile left = end.files().get("data.out");
      if (left instanceof SandboxFile.Content(byte[] bytes)) {
        assertThat(new String(bytes)).isEqualTo("mine\n");
      } else {
        assertThat(left).isIn(null, new SandboxFile.NotAFile("a symbolic link"));
      }
    }
  }

  @Test
  void aHardLinkToAFileOutsideTheDataFolderCannotBeMade() throws Exception {
    assertThat(
            fixture.said(
                "ln /bin/busybox /direktiv-data/b; ln /etc/hosts /direktiv-data/h", LIMITS))
        .contains("/direktiv-data/b: ")
        .contains("/direktiv-data/h: ")
        .hasLineCount(2);
  }
}
