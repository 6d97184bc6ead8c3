package io.direktiv.bench;

import io.direktiv.crash.CrashRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Kills a busy server 1,000 times, or as often as the first argument says, and checks what it
/// kept; the second argument repeats the choices of an earlier run.
public final class Soak {
  private static final int KILLS = 1_000;

  private Soak() {}

  /// Runs, and ends with exit code 1 when something was wrong.
  public static void main(String[] args) throws IOException, InterruptedException {
    int kills = args.length > 0 ? Integer.parseInt(args[0]) : KILLS;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : new SecureRandom().nextLong();
    Path folder = Files.createTempDirectory("direktiv-soak");
    Instant start = Instant.now();
    System.out.println("soak: " + kills + " kills, seed " + seed + ", data in " + folder);
    List<String> problems = CrashRun.run(kills, folder, seed, System.out);
    problems.stream().limit(100).forEach(System.out::println);
    System.out.println(
        (problems.isEmpty() ? "passed" : "FAILED")
            + " after "
            + Duration.between(start, Instant.now()).toSeconds()
            + " s");
    System.exit(problems.isEmpty() ? 0 : 1);
  }
}
