package io.direktiv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.api.Api.WorkflowUpdate;
import io.direktiv.api.AuthMode;
import io.direktiv.engine.ActionId;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.Functions;
import io.direktiv.model.FunctionDefinition;
import io.direktiv.secrets.MasterKey;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.memory.MemoryStore;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What functions are told of workflows that want some kept ready, as these are saved, switched and
/// deleted.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KeptReadyTest {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final MemoryStore store = new MemoryStore();
  private Parts parts = started();
  private String last = "";

  private Parts started() {
    Parts begun =
        Parts.build(
            store,
            MasterKey.random(),
            EngineSettings.DEFAULT,
            ExecutionSettings.DEFAULT,
            AuthMode.OFF,
            (_, _) -> new Hearing());
    begun.start();
    return begun;
  }

  private final class Hearing implements Functions {
    @Override
    public Outcome call(FunctionCall call, Consumer<LogLine> log) {
      throw new IllegalStateException("nothing is called");
    }

    @Override
    public void cancel(ActionId id) {
      throw new IllegalStateException("nothing is called");
    }

    @Override
    public void announce(
        String namespace, String workflow, Collection<FunctionDefinition> functions) {
      heard.add(
          namespace
              + "/"
              + workflow
              + functions.stream()
                  .map(function -> " " + function.id() + function.scale())
                  .toList());
    }

    @Override
    public String describe() {
      return "none";
    }
  }

  @AfterEach
  void stop() {
    parts.close();
  }

  /// The next word that is another one than the last: a server that has just started looks at all
  /// workflows, and may say again what a change has said.
  private String next() throws InterruptedException {
    String word = heard.take();
    while (word.equals(last)) {
      word = heard.take();
    }
    last = word;
    return word;
  }

  private static String source(String id, int scale) {
    return """
    id: %s
    functions:
    - { id: f, image: image, scale: %d }
    states:
    - { id: a, type: action, action: { function: f } }
    """
        .formatted(id, scale);
  }

  private static WorkflowUpdate update(Optional<Boolean> isActive, Optional<String> source) {
    return new WorkflowUpdate(Optional.empty(), isActive, source, Optional.empty());
  }

  private WorkflowRecord saved(String namespace) {
    parts.api().createNamespace(namespace);
    return parts.api().createWorkflow(namespace, source("flow", 2), true, "");
  }

  @Test
  void aWorkflowThatIsSavedSwitchedAndDeleted() throws Exception {
    // given
    String uid = saved("demo").uid();
    assertThat(next()).isEqualTo("demo/flow[ f2]");

    // then
    parts.api().updateWorkflow(uid, update(Optional.of(false), Optional.empty()));
    assertThat(next()).isEqualTo("demo/flow[]");
    parts.api().updateWorkflow(uid, update(Optional.of(true), Optional.empty()));
    assertThat(next()).isEqualTo("demo/flow[ f2]");
    parts.api().updateWorkflow(uid, update(Optional.empty(), Optional.of(source("flow", 0))));
    assertThat(next()).isEqualTo("demo/flow[ f0]");
    parts.api().updateWorkflow(uid, update(Optional.empty(), Optional.of(source("flow", 1))));
    assertThat(next()).isEqualTo("demo/flow[ f1]");
    parts.api().deleteWorkflow(uid);
    assertThat(next()).isEqualTo("demo/flow[]");
  }

  @Test
  void aNamespaceThatIsDeleted() throws Exception {
    // given
    saved("demo");
    saved("other");
    heard.clear();

    // when
    parts.api().deleteNamespace("demo");

    // then
    String word = next();
    while (word.endsWith("/flow[ f2]")) {
      word = next();
    }
    assertThat(word).isEqualTo("demo/flow[]");
  }

  @Test
  void aServerThatStartsAgainKnowsWhatActiveWorkflowsWant() throws Exception {
    // given
    saved("demo");
    heard.clear();

    // when
    parts = started();

    // then
    assertThat(next()).isEqualTo("demo/flow[ f2]");
  }
}
