package io.direktiv.cli;

import io.direktiv.client.Ingress;
import io.direktiv.client.Message;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `direkcli registries …`.
@Command(
    name = "registries",
    addMethodSubcommands = false,
    description = "Keep the credentials of registries that images come from.")
final class RegistryCommands {
  private final Session session;

  RegistryCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "list",
      description = "Lists the registries of a namespace; credentials are never shown.",
      footer = {"", "Example:", "  direkcli registries list demo"})
  void list(@Parameters(paramLabel = "NAMESPACE", description = "where to look") String namespace) {
    Message request = Ingress.GET_REGISTRIES.newRequest().set("namespace", namespace);
    session
        .output()
        .list(
            session.call(Ingress.GET_REGISTRIES, request).messages("registries"),
            "No registries exist under '" + namespace + "'",
            List.of("REGISTRY"),
            registry -> List.of(registry.text("name")));
  }

  @Command(
      name = "create",
      description = {
        "Stores the credentials of a registry.",
        "A token on the command line shows in the list of processes; --from-file does not."
      },
      footer = {
        "",
        "Examples:",
        "  direkcli registries create demo docker.io --from-file=login.txt",
        "  printf %%s \"$LOGIN\" | direkcli registries create demo docker.io --from-file=-"
      })
  void create(
      @Parameters(paramLabel = "NAMESPACE", description = "where to keep it") String namespace,
      @Parameters(paramLabel = "URL", description = "the host of the registry") String url,
      @Parameters(
              paramLabel = "USER:TOKEN",
              arity = "0..1",
              description = "the credentials themselves")
          String value,
      @Option(
              names = "--from-file",
              paramLabel = "FILE",
              description = "read USER:TOKEN from a file, or from - for standard input")
          String file) {
    Message request =
        Ingress.STORE_REGISTRY
            .newRequest()
            .set("namespace", namespace)
            .set("name", url)
            .set("data", SecretValue.of(session, value, file, "the credentials"));
    session.call(Ingress.STORE_REGISTRY, request);
    session.output().done("Successfully created registry '" + url + "'.");
  }

  @Command(
      name = "delete",
      description = "Deletes the credentials of a registry.",
      footer = {"", "Example:", "  direkcli registries delete demo docker.io"})
  void delete(
      @Parameters(paramLabel = "NAMESPACE", description = "where it is") String namespace,
      @Parameters(paramLabel = "URL", description = "the host of the registry") String url) {
    Message request =
        Ingress.DELETE_REGISTRY.newRequest().set("namespace", namespace).set("name", url);
    session.call(Ingress.DELETE_REGISTRY, request);
    session.output().done("Successfully removed registry '" + url + "'.");
  }
}
