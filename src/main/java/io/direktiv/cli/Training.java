package io.direktiv.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Runs every kind of command once against a server with an empty store, so that the build can keep
/// what they load in the cache from which `direkcli` starts; no user calls it.
public final class Training {
  private static final String WORKFLOW =
      """
      id: train
      states:
      - id: hello
        type: noop
        transform: '{ msg: ("Hello, " + .name + "!") }'
      """;
  private static final String EVENT =
      """
      {"specversion":"1.0","id":"1","source":"train","type":"train"}
      """;

  private static final List<String> COMMANDS =
      List.of(
          "namespaces list",
          "namespaces create trained",
          "namespaces list",
          "--json namespaces list",
          "workflows list trained",
          "workflows validate -",
          "workflows create trained -",
          "workflows list trained",
          "workflows get trained train",
          "workflows toggle trained train",
          "workflows toggle trained train",
          "workflows update trained train -",
          "workflows execute trained train",
          "workflows execute trained train --wait",
          "--json workflows execute trained train --wait",
          "instances list trained",
          "instances list trained --json",
          "secrets create trained key value",
          "secrets list trained",
          "secrets delete trained key",
          "registries create trained docker.io user:token",
          "registries list trained",
          "registries delete trained docker.io",
          "namespaces send trained -",
          "workflows get trained absent",
          "workflows lst trained",
          "workflows execute --help",
          "--help");

  private final String endpoint;

  private Training(String endpoint) {
    this.endpoint = endpoint;
  }

  /// Runs the commands against the server at `args[0]`.
  public static void main(String[] args) {
    Training training = new Training(args[0]);
    COMMANDS.forEach(training::run);
    String instance = training.run("workflows execute trained train").replaceAll(".*: |\\s", "");
    for (String command : List.of("get", "logs", "logs --follow", "cancel")) {
      training.run("instances " + command + " " + instance);
    }
    training.run("workflows delete trained train");
    training.run("namespaces delete trained");
  }

  private String run(String command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String in = command.startsWith("workflows") ? WORKFLOW : EVENT;
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("DIREKTIV_GRPC", endpoint);
    Io io =
        new Io(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            out,
            System.err,
            environment);
    Direkcli.run(("--timeout=30 " + command).split(" "), io);
    return out.toString(StandardCharsets.UTF_8);
  }
}
