package io.direktiv.api.http;

import java.util.HashMap;
import java.util.Map;

/// A good request for every operation of the OpenAPI document, and what it is answered with.
final class Samples {
  /// A request that must work.
  ///
  /// @param path with everything filled in
  /// @param type of the body; empty for none
  /// @param isEndless the answer is a stream without an end
  record Sample(int status, String path, String type, String body, boolean isEndless) {}

  private static final String NS = "/api/v2/namespaces/demo";
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";

  private final Map<String, Sample> samples = new HashMap<>();

  /// Samples for a server on which `ended` and `running` are instances of workflow `helloworld` and
  /// `waits`, as `workflow/suffix`.
  Samples(String ended, String running) {
    server();
    workflows();
    instances(ended, running);
    events();
    secrets();
    for (String scope : new String[] {"Namespace", "Workflow", "Instance"}) {
      String owner =
          switch (scope) {
            case "Workflow" -> NS + "/workflows/helloworld";
            case "Instance" -> NS + "/instances/" + running;
            default -> NS;
          };
      get("list" + scope + "Variables", owner + "/variables?limit=5");
      get("get" + scope + "Variable", owner + "/variables/kept");
      send("put" + scope + "Variable", 204, owner + "/variables/fresh", "text/plain", "hi");
      send("delete" + scope + "Variable", 204, owner + "/variables/scrap", "", "");
    }
  }

  Map<String, Sample> all() {
    return samples;
  }

  private void server() {
    get("startPage", "/");
    get("isAlive", "/healthz");
    get("isReady", "/readyz");
    get("getStatus", "/api/v2/status");
    get("getOpenApi", "/api/v2/openapi.json");
    get("listNamespaces", "/api/v2/namespaces?limit=10&offset=0");
    send("createNamespace", 201, "/api/v2/namespaces", JSON, "{\"name\":\"another\"}");
    get("getNamespace", NS);
    send("deleteNamespace", 204, "/api/v2/namespaces/scrap", "", "");
  }

  private void workflows() {
    get("listWorkflows", NS + "/workflows");
    send("createWorkflow", 201, NS + "/workflows", YAML, noop("created"));
    get("getWorkflow", NS + "/workflows/helloworld");
    send("replaceWorkflow", 200, NS + "/workflows/replaced", YAML, noop("replaced"));
    send("updateWorkflow", 200, NS + "/workflows/changed", JSON, "{\"active\":false}");
    send("deleteWorkflow", 204, NS + "/workflows/scrap", "", "");
    send("validateWorkflow", 200, "/api/v2/validate", YAML, "id: x\nstates: 3\n");
  }

  private void instances(String ended, String running) {
    String all = NS + "/instances";
    String one = all + "/" + ended;
    send("startInstance", 200, all + "?workflow=helloworld&wait=true", JSON, "{\"name\":\"A\"}");
    get("listInstances", all + "?status=complete&limit=3&createdAfter=2020-01-01T00:00:00Z");
    get("getInstance", one);
    send("cancelInstance", 200, all + "/" + running, JSON, "{\"status\":\"cancelled\"}");
    get("getInstanceInput", one + "/input");
    get("getInstanceOutput", one + "/output");
    get("listInstanceLogs", one + "/logs");
    get("listInstanceHistory", one + "/history");
    get("subscribeInstanceLogs", one + "/logs/subscribe");
    get("subscribeInstance", one + "/subscribe");
    samples.put("subscribeInstances", new Sample(200, all + "/subscribe", "", "", true));
  }

  private void events() {
    send(
        "publishEvents",
        202,
        NS + "/events",
        "application/cloudevents+json",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}");
    get("listEvents", NS + "/events");
    get("listEventListeners", NS + "/events/listeners");
  }

  private void secrets() {
    get("listSecrets", NS + "/secrets");
    send("createSecret", 201, NS + "/secrets", JSON, "{\"name\":\"new\",\"data\":\"x\"}");
    send("putSecret", 204, NS + "/secrets/put", JSON, "{\"data\":\"x\"}");
    send("deleteSecret", 204, NS + "/secrets/scrap", "", "");
    String registry = "{\"url\":\"https://%s.example\",\"user\":\"u\",\"password\":\"p\"}";
    get("listRegistries", NS + "/registries");
    send("createRegistry", 201, NS + "/registries", JSON, registry.formatted("new"));
    send("putRegistry", 204, NS + "/registries", JSON, registry.formatted("put"));
    send("deleteRegistry", 204, NS + "/registries?url=https%3A%2F%2Fscrap.example", "", "");
  }

  static String noop(String id) {
    return "id: " + id + "\nstates:\n- id: a\n  type: noop\n";
  }

  private void get(String operation, String path) {
    send(operation, 200, path, "", "");
  }

  private void send(String operation, int status, String path, String type, String body) {
    samples.put(operation, new Sample(status, path, type, body, false));
  }
}
