import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the reports of both kinds of tests say together: how many passed, failed and were skipped,
/// and why those were.
///
/// A suite that is skipped proves nothing. In CI, on a machine where its packages can be installed,
/// a skip counts as a failure, unless it is among [#EXCUSES].
final class Summary {
  static final String REPORTS = "surefire-reports";
  static final String E2E_REPORTS = "e2e-reports";

  /// How reasons begin that no package of Debian's can help against.
  private static final List<String> EXCUSES =
      List.of(
          // Data that are no part of the project.
          "jq's suite is not beside the project",
          // Languages of functions to begin with, too large to install for one case each.
          "go is not installed",
          "node is not installed",
          // The kernel's or the machine's, not a package's.
          "dockerd does not run on this machine",
          "this machine has no freezer",
          // What sandboxes without root cannot have, as the documentation says.
          "runc without root has no users but root",
          "only root can be another user",
          "this machine has an engine at a usual socket");

  /// Where a service manager would run it, Docker is not installed for tests.
  private static final String NO_DOCKER = "dockerd is not here";

  private static final Path SERVICE_MANAGER = Path.of("/run/systemd/system");

  private static final Pattern SUITE =
      Pattern.compile(
          "<testsuite [^>]*?tests=\"(\\d+)\"[^>]*?errors=\"(\\d+)\"[^>]*?skipped=\"(\\d+)\""
              + "[^>]*?failures=\"(\\d+)\"",
          Pattern.DOTALL);

  /// A skipped test: its reason is an attribute, or follows the exceptions' names.
  private static final Pattern SKIP =
      Pattern.compile(
          "<skipped(?:[^>]*? message=\"([^\"]*)\")?[^>]*>"
              + "(?:<!\\[CDATA\\[(?:[\\w.$]+Exception:\\s+|Assumption failed: )*(.*?)(?=\\n|]]>))?");

  private final Map<String, Integer> reasons = new TreeMap<>();
  private int tests;
  private int failed;
  private int skipped;

  private Summary() {}

  /// Reads what lies in `target`.
  static Summary read() throws IOException {
    Summary summary = new Summary();
    for (Path file : reports()) {
      if (file.toString().endsWith(".xml")) {
        summary.add(Files.readString(file));
      }
    }
    return summary;
  }

  /// The report files of both kinds of tests.
  static List<Path> reports() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String name : List.of(REPORTS, E2E_REPORTS)) {
      Path folder = Path.of("target", name);
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          files.filter(Files::isRegularFile).forEach(found::add);
        }
      }
    }
    return found;
  }

  private void add(String report) {
    Matcher suite = SUITE.matcher(report);
    if (suite.find()) {
      tests += Integer.parseInt(suite.group(1));
      failed += Integer.parseInt(suite.group(2)) + Integer.parseInt(suite.group(4));
      skipped += Integer.parseInt(suite.group(3));
    }
    Matcher skip = SKIP.matcher(report);
    while (skip.find()) {
      String reason = skip.group(1) != null ? skip.group(1) : skip.group(2);
      reasons.merge(reason == null ? "no reason is given" : reason, 1, Integer::sum);
    }
  }

  /// Prints it; true when something was run, nothing failed, and, where `isComplete` is wanted,
  /// nothing was skipped without an excuse.
  boolean print(boolean isComplete) {
    int unexcused = 0;
    for (Map.Entry<String, Integer> each : reasons.entrySet()) {
      boolean isFault = isComplete && !isExcused(each.getKey());
      System.out.println(
          "skipped "
              + each.getValue()
              + ": "
              + each.getKey()
              + (isFault ? " (this machine can run it)" : ""));
      unexcused += isFault ? each.getValue() : 0;
    }
    System.out.println();
    System.out.println(
        (tests - failed - skipped) + " passed, " + failed + " failed, " + skipped + " skipped");
    if (unexcused > 0) {
      System.out.println(
          unexcused
              + " of the skipped tests run on this kind of machine, so this is a failure; see why"
              + " what they need is missing, or excuse the reason in tools/Summary.java");
    }
    return failed == 0 && tests > skipped && unexcused == 0;
  }

  private static boolean isExcused(String reason) {
    boolean isOfServiceManager = reason.startsWith(NO_DOCKER) && Files.exists(SERVICE_MANAGER);
    return isOfServiceManager || EXCUSES.stream().anyMatch(reason::startsWith);
  }
}
