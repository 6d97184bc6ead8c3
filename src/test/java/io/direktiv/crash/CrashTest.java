package io.direktiv.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The shipped server survives `kill -9`. Set `DIREKTIV_TEST_SEED` to repeat a run's choices.
@Tag("e2e")
class CrashTest {
  private static final int KILLS = 20;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void keepsEveryAcknowledgedStartAndAppliesNothingTwice() throws Exception {
    long seed =
        Optional.ofNullable(System.getenv("DIREKTIV_TEST_SEED"))
            .map(Long::parseLong)
            .orElseGet(() -> new SecureRandom().nextLong());
    System.out.println("crash run: seed " + seed + ", data in " + folder);

    assertThat(CrashRun.run(KILLS, folder, seed, System.out)).as("seed " + seed).isEmpty();
  }
}
