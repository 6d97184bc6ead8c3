package io.direktiv.golden;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Outcome;
import io.direktiv.json.Json;
import io.direktiv.model.CloudEvent;
import java.time.Duration;

/// The same namespace on a server that is stopped and started before everything that happens.
final class RestartedWorld extends ServerWorld {
  RestartedWorld(Server server, Mocks mocks) {
    super(server, mocks);
  }

  private void restart() {
    server().restart();
    rest();
  }

  @Override
  public InstanceId start(String workflow, Json input, boolean isManual) {
    restart();
    return super.start(workflow, input, isManual);
  }

  @Override
  public void advance(Duration duration) {
    restart();
    super.advance(duration);
  }

  @Override
  public void publish(CloudEvent event) {
    restart();
    super.publish(event);
  }

  @Override
  public boolean cancel(InstanceId id, String reason) {
    restart();
    return super.cancel(id, reason);
  }

  @Override
  public void answer(Mocks.Call call, Outcome outcome) {
    restart();
    super.answer(call, outcome);
  }
}
