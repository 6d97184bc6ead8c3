package io.direktiv.cli;

import io.direktiv.client.DirektivV1;
import io.direktiv.client.Ingress;
import io.direktiv.client.Message;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `direkcli workflows …`.
@Command(
    name = "workflows",
    addMethodSubcommands = false,
    description = "Create, check, change and run workflows.")
final class WorkflowCommands {
  private static final String FILE = "the workflow file";

  private final Session session;

  WorkflowCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "list",
      description = "Lists the workflows of a namespace by id.",
      footer = {"", "Example:", "  direkcli workflows list demo"})
  void list(
      @Parameters(paramLabel = "NAMESPACE", description = "where to look") String namespace,
      @Mixin Paging page) {
    Message request =
        Ingress.GET_WORKFLOWS
            .newRequest()
            .set("namespace", namespace)
            .set("offset", page.offset())
            .set("limit", page.limit());
    session
        .output()
        .list(
            session.call(Ingress.GET_WORKFLOWS, request).messages("workflows"),
            "No workflows exist under '" + namespace + "'",
            List.of("ID"),
            workflow -> List.of(workflow.text("id")));
  }

  @Command(
      name = "create",
      description = {
        "Creates a workflow from a YAML file; its id stands in the file.",
        "A file with errors is refused with all of them."
      },
      footer = {
        "",
        "Examples:",
        "  direkcli workflows create demo helloworld.yml",
        "  cat helloworld.yml | direkcli workflows create demo -"
      })
  void create(
      @Parameters(paramLabel = "NAMESPACE", description = "where to create it") String namespace,
      @Parameters(paramLabel = "FILE", description = "its definition in YAML, or -") String file) {
    Message request =
        Ingress.ADD_WORKFLOW
            .newRequest()
            .set("namespace", namespace)
            .set("active", true)
            .set("workflow", session.read(file, FILE));
    String id = session.call(Ingress.ADD_WORKFLOW, request).text("id");
    session.output().done("Created workflow '" + id + "'");
  }

  @Command(
      name = "update",
      description = {
        "Replaces the definition of a workflow.",
        "Instances that run keep the definition they began with."
      },
      footer = {"", "Example:", "  direkcli workflows update demo helloworld helloworld.yml"})
  void update(
      @Parameters(paramLabel = "NAMESPACE", description = "where it is") String namespace,
      @Parameters(paramLabel = "WORKFLOW", description = "its id") String id,
      @Parameters(paramLabel = "FILE", description = "the new definition, or -") String file,
      @Option(
              names = "--revision",
              paramLabel = "N",
              description = "refuse unless this is the current revision")
          Integer revision) {
    byte[] definition = session.read(file, FILE);
    Message request =
        Ingress.UPDATE_WORKFLOW
            .newRequest()
            .set("uid", find(namespace, id).text("uid"))
            .set("workflow", definition);
    if (revision != null) {
      request.set("revision", revision);
    }
    String updated = session.call(Ingress.UPDATE_WORKFLOW, request).text("id");
    session.output().done("Successfully updated '" + updated + "'");
  }

  @Command(
      name = "get",
      description = "Prints the definition of a workflow as its author wrote it.",
      footer = {"", "Example:", "  direkcli workflows get demo helloworld > helloworld.yml"})
  void get(
      @Parameters(paramLabel = "NAMESPACE", description = "where it is") String namespace,
      @Parameters(paramLabel = "WORKFLOW", description = "its id") String id) {
    Message workflow = find(namespace, id);
    if (session.output().isJson()) {
      session.output().json(GoJson.of(workflow));
      return;
    }
    byte[] definition = workflow.bytes("workflow");
    session.output().bytes(definition);
  }

  @Command(
      name = "delete",
      description = "Deletes a workflow with its instances.",
      footer = {"", "Example:", "  direkcli workflows delete demo helloworld"})
  void delete(
      @Parameters(paramLabel = "NAMESPACE", description = "where it is") String namespace,
      @Parameters(paramLabel = "WORKFLOW", description = "its id") String id) {
    String uid = find(namespace, id).text("uid");
    session.call(Ingress.DELETE_WORKFLOW, Ingress.DELETE_WORKFLOW.newRequest().set("uid", uid));
    session.output().done("Deleted workflow '" + id + "'");
  }

  @Command(
      name = "toggle",
      description = "Disables a workflow, which then starts no instances, or enables it again.",
      footer = {"", "Example:", "  direkcli workflows toggle demo helloworld"})
  void toggle(
      @Parameters(paramLabel = "NAMESPACE", description = "where it is") String namespace,
      @Parameters(paramLabel = "WORKFLOW", description = "its id") String id) {
    Message workflow = find(namespace, id);
    boolean isActive = !workflow.isTrue("active");
    session.call(
        Ingress.UPDATE_WORKFLOW,
        Ingress.UPDATE_WORKFLOW
            .newRequest()
            .set("uid", workflow.text("uid"))
            .set("active", isActive));
    session.output().done((isActive ? "Enabled" : "Disabled") + " workflow '" + id + "'");
  }

  private Message find(String namespace, String id) {
    return session.call(
        Ingress.GET_WORKFLOW,
        Ingress.GET_WORKFLOW.newRequest().set("namespace", namespace).set("id", id));
  }

  @Command(
      name = "execute",
      description = {
        "Starts an instance of a workflow and prints its id.",
        "With --wait, prints the output instead; when the instance fails, prints its error code"
            + " and message to stderr and exits with 1."
      },
      footer = {
        "",
        "Examples:",
        "  direkcli workflows execute demo helloworld --input=input.json",
        "  direkcli workflows execute demo helloworld --wait --input=- < input.json"
      })
  int execute(
      @Parameters(paramLabel = "NAMESPACE", description = "where it is") String namespace,
      @Parameters(paramLabel = "WORKFLOW", description = "its id") String id,
      @Option(
              names = "--input",
              paramLabel = "FILE",
              description = "a file with the input, or -; what is not JSON is taken as base64")
          String input,
      @Option(names = "--wait", description = "wait for the end and print the output")
          boolean isWaiting,
      @Option(
              names = "--idempotency-key",
              paramLabel = "KEY",
              description = "start once, however often this is sent with the same key")
          String key,
      @Option(names = "--manual", description = "start what otherwise the clock or events start")
          boolean isManual) {
    Optional<byte[]> bytes =
        Optional.ofNullable(input).map(file -> session.read(file, "the input file"));
    boolean isOurs = isWaiting || key != null || isManual;
    String instance =
        isOurs
            ? start(namespace, id, bytes, Optional.ofNullable(key), isManual)
            : invoke(namespace, id, bytes);
    if (isWaiting) {
      return new Waiting(session, instance).run();
    }
    session.output().done("Successfully invoked, Instance ID: " + instance);
    return ExitCode.OK;
  }

  private String invoke(String namespace, String id, Optional<byte[]> input) {
    Message request =
        Ingress.INVOKE_WORKFLOW.newRequest().set("namespace", namespace).set("workflowId", id);
    input.ifPresent(bytes -> request.set("input", bytes));
    return session.call(Ingress.INVOKE_WORKFLOW, request).text("instanceId");
  }

  private String start(
      String namespace, String id, Optional<byte[]> input, Optional<String> key, boolean isManual) {
    Message request =
        DirektivV1.EXECUTE_WORKFLOW
            .newRequest()
            .set("namespace", namespace)
            .set("workflow", id)
            .set("manual", isManual);
    input.ifPresent(bytes -> request.set("input", bytes));
    key.ifPresent(text -> request.set("idempotency_key", text));
    return session.call(DirektivV1.EXECUTE_WORKFLOW, request).text("instance_id");
  }

  @Command(
      name = "validate",
      description = {
        "Checks definitions and prints every problem as FILE:LINE:COLUMN.",
        "Exits with 1 when one has an error; warnings are no errors. Nothing is stored."
      },
      footer = {
        "",
        "Examples:",
        "  direkcli workflows validate helloworld.yml",
        "  direkcli --json workflows validate helloworld.yml"
      })
  int validate(
      @Parameters(paramLabel = "FILE", arity = "1..*", description = "what to check, or -")
          List<String> files) {
    return new Checking(session).run(files);
  }
}
