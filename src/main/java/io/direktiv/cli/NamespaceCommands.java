package io.direktiv.cli;

import io.direktiv.client.Ingress;
import io.direktiv.client.Message;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `direkcli namespaces …`.
@Command(
    name = "namespaces",
    addMethodSubcommands = false,
    description = "Create, list and delete namespaces, send events.")
final class NamespaceCommands {
  private final Session session;

  NamespaceCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "list",
      description = "Lists namespaces by name.",
      footer = {"", "Example:", "  direkcli namespaces list"})
  void list(@Mixin Paging page) {
    Message request =
        Ingress.GET_NAMESPACES.newRequest().set("offset", page.offset()).set("limit", page.limit());
    session
        .output()
        .list(
            session.call(Ingress.GET_NAMESPACES, request).messages("namespaces"),
            "No namespaces exist",
            List.of("NAME"),
            namespace -> List.of(namespace.text("name")));
  }

  @Command(
      name = "create",
      description = "Creates a namespace.",
      footer = {"", "Example:", "  direkcli namespaces create demo"})
  void create(@Parameters(paramLabel = "NAMESPACE", description = "its name") String namespace) {
    Message created =
        session.call(
            Ingress.ADD_NAMESPACE, Ingress.ADD_NAMESPACE.newRequest().set("name", namespace));
    session.output().done("Created namespace: " + created.text("name"));
  }

  @Command(
      name = "delete",
      description = "Deletes a namespace with all workflows, instances and secrets in it.",
      footer = {"", "Example:", "  direkcli namespaces delete demo"})
  void delete(@Parameters(paramLabel = "NAMESPACE", description = "its name") String namespace) {
    Message deleted =
        session.call(
            Ingress.DELETE_NAMESPACE, Ingress.DELETE_NAMESPACE.newRequest().set("name", namespace));
    session.output().done("Deleted namespace: " + deleted.text("name"));
  }

  @Command(
      name = "send",
      description = "Sends a CloudEvent to a namespace.",
      footer = {
        "",
        "Examples:",
        "  direkcli namespaces send demo event.json",
        "  echo '{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"me\",\"type\":\"greet\"}' \\",
        "    | direkcli namespaces send demo -"
      })
  void send(
      @Parameters(paramLabel = "NAMESPACE", description = "where it arrives") String namespace,
      @Parameters(
              paramLabel = "CLOUDEVENTPATH",
              description = "a file with a CloudEvent in JSON, or -")
          String file) {
    session.call(
        Ingress.BROADCAST_EVENT,
        Ingress.BROADCAST_EVENT
            .newRequest()
            .set("namespace", namespace)
            .set("cloudevent", session.read(file, "the event file")));
    session.output().done("Successfully sent event to '" + namespace + "'");
  }
}
