package io.direktiv.functions.oci;

import io.direktiv.functions.Runtime;
import io.direktiv.functions.RuntimeContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The contract of runtimes on a real `runc` or `crun`.
class OciRuntimeTest extends RuntimeContract {
  private static OciFixture fixture;

  @BeforeAll
  static void start() throws IOException {
    fixture = OciFixture.start().working();
  }

  @AfterAll
  static void stop() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Override
  protected String usersMissing() {
    return fixture.runtime().describe().contains("runs as its own root")
        ? "runc without root has no users but root"
        : "";
  }

  @Override
  protected Runtime runtime() {
    return fixture.runtime();
  }

  @Override
  protected String image() {
    return "direktiv/shell:v1";
  }

  @Override
  protected String serverImage() {
    return "direktiv/server:v1";
  }

  @Override
  protected String userImage() {
    return "direktiv/user:v1";
  }
}
