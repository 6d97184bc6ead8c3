package io.direktiv.functions.oci;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// The main class of a process of another user, which runs test classes and says how each test went
/// in one line: `passed`, `skipped` or `failed`, its class, its name and the reason.
final class UserMain {
  private UserMain() {}

  /// @param classes names of test classes
  public static void main(String... classes) {
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(Stream.of(classes).map(DiscoverySelectors::selectClass).toList())
                .build(),
            new Listener(System.out));
    System.exit(0);
  }

  private record Listener(PrintStream out) implements TestExecutionListener {
    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      say("skipped", test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      switch (result.getStatus()) {
        case SUCCESSFUL -> {
          if (test.isTest()) {
            say("passed", test, "");
          }
        }
        case ABORTED -> say("skipped", test, reason(result));
        case FAILED -> say("failed", test, reason(result));
      }
    }

    private void say(String how, TestIdentifier test, String reason) {
      String oneLine = reason.replaceAll("\\s+", " ").strip();
      String name = test.getLegacyReportingName();
      List<String> words = List.of(how, test.getParentId().orElse(""), name, oneLine);
      out.println("@@ " + String.join("\t", words));
    }

    private static String reason(TestExecutionResult result) {
      return result.getThrowable().map(Throwable::toString).orElse("");
    }
  }
}
