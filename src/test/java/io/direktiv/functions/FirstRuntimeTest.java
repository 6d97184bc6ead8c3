package io.direktiv.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.engine.Codes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A choice among runtimes that a test switches on and off.
class FirstRuntimeTest {
  private static final Sandbox SANDBOX =
      new Sandbox(
          "direktiv-1",
          "test",
          "alpine",
          List.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          new SandboxLimits(1, 1, 1, 1, 1, 0, Duration.ofSeconds(1), SandboxLimits.Network.NONE),
          Optional.empty(),
          0);

  private final FakeRuntime strong = FakeRuntime.leaving(new Exit.Exited(0)).named("strong");
  private final FakeRuntime weak = FakeRuntime.leaving(new Exit.Exited(0)).named("weak");
  private final FirstRuntime first = new FirstRuntime(List.of(strong, weak));

  @Test
  void takesTheStrongestThatWorks() throws Exception {
    // given
    strong.missing = Optional.of("there is no strength");

    // when
    first.run(SANDBOX, _ -> {});

    // then
    assertThat(strong.ran).isEmpty();
    assertThat(weak.ran).containsExactly(SANDBOX);
    assertThat(first.name()).isEqualTo("weak");
    assertThat(first.missing()).isEmpty();
  }

  @Test
  void staysWithWhatItTookWhenAStrongerOneComesLater() throws Exception {
    // given
    strong.missing = Optional.of("there is no strength");
    first.run(SANDBOX, _ -> {});

    // when
    strong.missing = Optional.empty();
    first.run(SANDBOX, _ -> {});

    // then
    assertThat(weak.ran).hasSize(2);
  }

  @Test
  void tellsTheCallerWhyEachOfThemDoesNotWork() {
    // given
    strong.missing = Optional.of("there is no strength");
    weak.missing = Optional.of("no socket answers");

    // then
    String all = "strong: there is no strength; weak: no socket answers";
    assertThat(first.missing()).hasValue(all);
    assertThatThrownBy(() -> first.run(SANDBOX, _ -> {}))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(Codes.FUNCTION_UNAVAILABLE))
        .hasMessageContaining(all);
    assertThat(strong.ran).isEmpty();
    assertThat(weak.ran).isEmpty();
  }

  @Test
  void runsOnceSomethingThatWasMissingIsThere() throws Exception {
    // given
    strong.missing = Optional.of("there is no strength");
    weak.missing = Optional.of("no socket answers");
    assertThat(first.missing()).isPresent();

    // when
    strong.missing = Optional.empty();
    first.run(SANDBOX, _ -> {});

    // then
    assertThat(strong.ran).containsExactly(SANDBOX);
  }

  @Test
  void knowsTheOthersByTheirNames() {
    assertThat(first.called("weak")).containsSame(weak);
    assertThat(first.called("microvm")).isEmpty();
  }

  @Test
  void stopsASandboxWhereverItRuns() {
    // when
    first.stop("direktiv-1");
    first.kill("direktiv-1");

    // then
    assertThat(strong.stopped).containsExactly("direktiv-1", "direktiv-1");
    assertThat(weak.stopped).containsExactly("direktiv-1", "direktiv-1");
  }
}
