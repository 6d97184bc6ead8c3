package io.direktiv.cli;

import io.direktiv.client.DirektivV1;
import io.direktiv.client.Ingress;
import io.direktiv.client.Message;
import io.direktiv.json.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `direkcli instances …`.
@Command(
    name = "instances",
    addMethodSubcommands = false,
    description = "Look at instances of workflows and cancel them.")
final class InstanceCommands {
  private static final String ID = "INSTANCE";

  private final Session session;

  InstanceCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "list",
      description = "Lists the instances of a namespace, newest first.",
      footer = {"", "Example:", "  direkcli instances list demo --limit=20"})
  void list(
      @Parameters(paramLabel = "NAMESPACE", description = "where to look") String namespace,
      @Mixin Paging page) {
    Message request =
        Ingress.GET_INSTANCES
            .newRequest()
            .set("namespace", namespace)
            .set("offset", page.offset())
            .set("limit", page.limit());
    session
        .output()
        .list(
            session.call(Ingress.GET_INSTANCES, request).messages("workflowInstances"),
            "No instances exist under '" + namespace + "'",
            List.of("ID", "STATUS"),
            instance -> List.of(instance.text("id"), instance.text("status")));
  }

  @Command(
      name = "get",
      description = {
        "Prints the input and the output of an instance.",
        "The output is empty while it runs. With --details, also how it went."
      },
      footer = {"", "Example:", "  direkcli instances get demo/helloworld/aqMeFX"})
  void get(
      @Parameters(paramLabel = ID, description = "its id: namespace/workflow/XXXXXX") String id,
      @Option(names = "--details", description = "also print status, times, states and error")
          boolean isDetailed) {
    Message instance =
        session.call(Ingress.GET_INSTANCE, Ingress.GET_INSTANCE.newRequest().set("id", id));
    Output output = session.output();
    if (output.isJson()) {
      output.json(GoJson.of(instance));
      return;
    }
    output.line("ID: " + instance.text("id"));
    output.line("Input: " + text(instance, "input"));
    output.line("Output: " + text(instance, "output"));
    if (isDetailed) {
      printDetails(instance);
    }
  }

  private void printDetails(Message instance) {
    Output output = session.output();
    output.line("Status: " + instance.text("status"));
    if (!instance.text("errorCode").isEmpty()) {
      output.line("Error: [" + instance.text("errorCode") + "] " + instance.text("errorMessage"));
    }
    output.line("Revision: " + instance.number("revision"));
    output.line("Began: " + time(instance, "beginTime"));
    output.line("Ended: " + time(instance, "endTime"));
    output.line("States: " + String.join(", ", instance.texts("flow")));
  }

  private static String text(Message instance, String field) {
    return new String(instance.bytes(field), StandardCharsets.UTF_8);
  }

  private static String time(Message instance, String field) {
    return instance
        .message(field)
        .map(time -> Instant.ofEpochSecond(time.number("seconds"), time.number("nanos")))
        .map(Instant::toString)
        .orElse("");
  }

  @Command(
      name = "logs",
      description = {
        "Prints the log of an instance, a message a line.",
        "With --follow, goes on until the instance has ended."
      },
      footer = {
        "",
        "Examples:",
        "  direkcli instances logs demo/helloworld/aqMeFX",
        "  direkcli instances logs --follow demo/helloworld/aqMeFX"
      })
  void logs(
      @Parameters(paramLabel = ID, description = "its id: namespace/workflow/XXXXXX") String id,
      @Option(
              names = {"-f", "--follow"},
              description = "print what is logged later, too")
          boolean isFollowing) {
    if (isFollowing) {
      new Waiting(session, id).follow(this::print);
      return;
    }
    Message request =
        Ingress.GET_LOGS
            .newRequest()
            .set("instanceId", id)
            .set("offset", 0)
            .set("limit", Limits.LOG_LINES_DEFAULT);
    List<Message> lines = session.call(Ingress.GET_LOGS, request).messages("workflowInstanceLogs");
    if (lines.isEmpty()) {
      // An instance that is not there has no lines either, and says so when it is asked for.
      session.call(Ingress.GET_INSTANCE, Ingress.GET_INSTANCE.newRequest().set("id", id));
    }
    if (session.output().isJson()) {
      session.output().jsonList(lines.stream().map(GoJson::of).toList());
    } else {
      lines.forEach(this::print);
    }
  }

  private void print(Message line) {
    if (session.output().isJson()) {
      session.output().line(GoJson.of(line).toString());
    } else {
      session.output().line(Printable.of(line.text("message")));
    }
  }

  @Command(
      name = "cancel",
      description = "Cancels an instance, also the function that it runs at the moment.",
      footer = {
        "",
        "Example:",
        "  direkcli instances cancel demo/helloworld/aqMeFX --reason 'wrong customer'"
      })
  void cancel(
      @Parameters(paramLabel = ID, description = "its id: namespace/workflow/XXXXXX") String id,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              description = "becomes the error message of the instance")
          String reason) {
    Message request = DirektivV1.CANCEL_INSTANCE.newRequest().set("instance_id", id);
    if (reason != null) {
      request.set("reason", reason);
    }
    boolean isCancelled = session.call(DirektivV1.CANCEL_INSTANCE, request).isTrue("cancelled");
    session
        .output()
        .done(isCancelled ? "Cancelled instance '" + id + "'" : "Instance '" + id + "' had ended");
  }
}
