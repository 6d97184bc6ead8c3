import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The tool of the project's developers; `./dev help` lists what it does.
public final class Dev {
  /// What the tests need beyond a JDK and Maven: the command to look for, and its Debian package.
  private static final Map<String, String> PACKAGES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("podman", "podman"),
              Map.entry("runc", "runc"),
              Map.entry("crun", "crun"),
              Map.entry("pasta", "passt"),
              Map.entry("slirp4netns", "slirp4netns"),
              Map.entry("busybox", "busybox-static"),
              Map.entry("nft", "nftables"),
              Map.entry("skopeo", "skopeo"),
              Map.entry("ip", "iproute2"),
              Map.entry("strace", "strace"),
              Map.entry("python3", "python3")));

  /// Daemons. Their packages are installed only where no service manager would then run them.
  private static final Map<String, String> DAEMONS =
      new TreeMap<>(Map.of("dockerd", "docker.io", "docker-registry", "docker-registry"));

  private static final Path SERVICE_MANAGER = Path.of("/run/systemd/system");

  /// A Python with the gRPC client that PythonClientTest calls the server with.
  private static final Path PYTHON = Path.of("target", "python");

  private static final Path PYTHON_REQUIREMENTS = Path.of("src/test/python/requirements.txt");

  /// Whether what was skipped is a failure where this machine can run it.
  private static final String CI = "--ci";

  private Dev() {}

  /// Runs the command that `args` name.
  public static void main(String[] args) throws IOException, InterruptedException {
    String command = args.length == 0 ? "help" : args[0];
    List<String> rest = List.of(args).subList(Math.min(1, args.length), args.length);
    System.exit(
        switch (command) {
          case "check" -> check(rest.contains(CI));
          case "summary" -> summary(rest.contains(CI));
          case "test" -> test(rest);
          case "e2e" -> endToEnd(rest, false);
          case "fmt" -> maven(List.of("spotless:apply"));
          case "bench" -> main("io.direktiv.bench.Bench", rest);
          case "soak" -> main("io.direktiv.bench.Soak", rest);
          case "run" -> run(concat(List.of("./direktiv"), rest));
          case "help", "--help", "-h" -> help(0);
          default -> {
            System.err.println("dev: there is no command \"" + command + "\"");
            yield help(2);
          }
        });
  }

  private static int help(int code) {
    System.out.println(
        """
        usage: ./dev COMMAND

          check [--ci]    format, compile with warnings as errors, every test; with --ci, as
                          CI runs it, a test skipped where it could run is a failure
          summary [--ci]  what the last check said in the end
          test [PATTERN]  tests whose class matches, for example: ./dev test 'Jq*'
          e2e [PATTERN]   build, then the tests of the shipped launchers whose class matches
          fmt             rewrite the sources in the project's format
          bench [NAME]    measure; results go to docs/benchmarks
          soak            kill a busy server 1,000 times and check what it kept
          run ARGS        ./direktiv ARGS
          help            this text\
        """);
    return code;
  }

  private static int check(boolean isCi) throws IOException, InterruptedException {
    Instant start = Instant.now();
    install();
    installPythonClient();
    deleteReports();
    boolean isBuilt =
        maven(List.of("-q", "spotless:check", "test", "-Dmaven.test.failure.ignore=true")) == 0
            && endToEnd(List.of(), true) == 0;
    int code = summary(isCi);
    if (!isBuilt) {
      System.out.println("the build did not end well, see above");
    }
    System.out.println("wall time: " + Duration.between(start, Instant.now()).toSeconds() + " s");
    return isBuilt ? code : 1;
  }

  /// What the reports say; in CI nothing may be skipped that could be installed.
  private static int summary(boolean isCi) throws IOException {
    return Summary.read().print(isCi && mayInstall()) ? 0 : 1;
  }

  /// The tests that start the shipped launchers, on a build made by a launcher.
  ///
  /// @param isSummedUp true when a summary tells afterwards what failed
  private static int endToEnd(List<String> patterns, boolean isSummedUp)
      throws IOException, InterruptedException {
    int built = run(List.of("./direktiv", "--version"));
    if (built != 0) {
      return built;
    }
    List<String> goals =
        new ArrayList<>(
            List.of(
                "-q",
                "test-compile",
                "surefire:test",
                "-Dtest.groups=e2e",
                "-Dtest.excluded=",
                "-Dtest.reports=" + Summary.E2E_REPORTS));
    if (isSummedUp) {
      goals.add("-Dmaven.test.failure.ignore=true");
    }
    select(goals, patterns);
    return maven(goals);
  }

  private static int test(List<String> patterns) throws IOException, InterruptedException {
    List<String> goals = new ArrayList<>(List.of("test"));
    select(goals, patterns);
    return maven(goals);
  }

  private static void select(List<String> goals, List<String> patterns) {
    if (!patterns.isEmpty()) {
      goals.add("-Dtest=" + String.join(",", patterns));
      goals.add("-Dsurefire.failIfNoSpecifiedTests=false");
    }
  }

  /// Installs what is missing, when this user may; tests that miss something say so and are
  /// skipped.
  private static void install() throws IOException, InterruptedException {
    List<String> missing = new ArrayList<>();
    Map<String, String> wanted = new TreeMap<>(PACKAGES);
    if (!Files.exists(SERVICE_MANAGER)) {
      wanted.putAll(DAEMONS);
    }
    for (Map.Entry<String, String> entry : wanted.entrySet()) {
      if (!isInPath(entry.getKey())) {
        missing.add(entry.getValue());
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    if (!mayInstall()) {
      System.out.println("dev: some tests need packages that are not here: " + missing);
      return;
    }
    System.out.println("dev: installing " + missing);
    File log = File.createTempFile("dev-install", ".log");
    if (!isInstalled(log, missing)) {
      System.out.println("dev: " + missing + " could not be installed, see " + log);
    }
  }

  private static boolean mayInstall() {
    return "root".equals(System.getProperty("user.name")) && isInPath("apt-get");
  }

  private static boolean isInstalled(File log, List<String> packages)
      throws IOException, InterruptedException {
    quietly(log, List.of("apt-get", "update"));
    List<String> install =
        new ArrayList<>(List.of("apt-get", "install", "-y", "--no-install-recommends"));
    install.addAll(packages);
    return quietly(log, install) == 0;
  }

  /// Installs the pinned client once; its test is skipped where that is not possible.
  private static void installPythonClient() throws IOException, InterruptedException {
    Path ready = PYTHON.resolve("ready");
    String wanted = Files.readString(PYTHON_REQUIREMENTS);
    boolean isReady = Files.exists(ready) && Files.readString(ready).equals(wanted);
    if (isReady || !isInPath("python3")) {
      return;
    }
    System.out.println("dev: installing Python's grpcio into " + PYTHON);
    Files.deleteIfExists(ready);
    File log = File.createTempFile("dev-python", ".log");
    boolean hasFolder =
        isPythonMade(log)
            || (mayInstall() && isInstalled(log, List.of("python3-venv")) && isPythonMade(log));
    List<String> install =
        List.of(PYTHON + "/bin/python", "-m", "pip", "install", "-r", "" + PYTHON_REQUIREMENTS);
    if (hasFolder && quietly(log, install) == 0) {
      Files.writeString(ready, wanted);
    } else {
      System.out.println("dev: Python's grpcio could not be installed, see " + log);
    }
  }

  private static boolean isPythonMade(File log) throws IOException, InterruptedException {
    return quietly(log, List.of("python3", "-m", "venv", "--clear", PYTHON.toString())) == 0;
  }

  private static int quietly(File log, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
    return builder
        .redirectErrorStream(true)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start()
        .waitFor();
  }

  private static boolean isInPath(String command) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  private static void deleteReports() throws IOException {
    for (Path file : Summary.reports()) {
      Files.delete(file);
    }
  }

  private static int main(String main, List<String> args) throws IOException, InterruptedException {
    // The launcher builds, so that what is measured has its cache of loaded classes.
    int built = run(List.of("./direktiv", "--version"));
    if (built != 0 || maven(List.of("-q", "test-compile")) != 0) {
      return 1;
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "mvn",
                "-B",
                "-ntp",
                "-q",
                "dependency:build-classpath",
                "-Dmdep.outputFile=target/test-classpath"));
    if (run(command) != 0) {
      return 1;
    }
    Files.createDirectories(Path.of("target/jmh"));
    String classpath =
        "target/jmh:target/classes:target/test-classes:"
            + Files.readString(Path.of("target/test-classpath"));
    List<String> java =
        List.of(
            System.getenv("JAVA_HOME") + "/bin/java",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classpath,
            main);
    return run(concat(java, args));
  }

  private static int maven(List<String> goals) throws IOException, InterruptedException {
    return run(concat(List.of("mvn", "-B", "-ntp", "-Dstyle.color=never"), goals));
  }

  private static List<String> concat(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
