package io.direktiv.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.Variables;
import io.direktiv.engine.Wake;
import io.direktiv.engine.logic.Engine;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.WorkflowReader;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Variables that functions wrote and that are not JSON.
class VariableBytesTest {
  private static Json read(byte[] value) throws Exception {
    String source =
        """
        id: reader
        states:
        - { id: a, type: getter, variables: [{ scope: namespace, key: blob }], transform: .var }
        """;
    Engine engine = new Engine(EngineSettings.DEFAULT);
    Instance begun =
        engine.begin(
            new InstanceId("ns", "reader", "aaaaaa"),
            "uid",
            0,
            new Invoker.Api(),
            JsonObject.EMPTY,
            SettableClock.BEGINNING);
    Variables variables = (_, _) -> Optional.of(value);
    return engine
        .step(
            WorkflowReader.read(source).orThrow(),
            begun,
            new Wake.Continued(SettableClock.BEGINNING),
            variables)
        .orElseThrow()
        .instance()
        .ending()
        .orElseThrow()
        .output()
        .orElseThrow();
  }

  @Test
  void readsBytesThatAreNotJsonAsBase64() throws Exception {
    assertThat(read(new byte[] {(byte) 0xff, 0, 1}))
        .isEqualTo(JsonObject.of("blob", Json.of("/wAB")));
  }

  @Test
  void readsAnEmptyVariableAsNull() throws Exception {
    assertThat(read(new byte[0])).isEqualTo(JsonObject.of("blob", Json.NULL));
  }
}
