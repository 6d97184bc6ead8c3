package io.direktiv.cli;

import io.direktiv.client.Ingress;
import io.direktiv.client.Message;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `direkcli secrets …`.
@Command(
    name = "secrets",
    addMethodSubcommands = false,
    description = "Keep secrets that workflows hand to functions.")
final class SecretCommands {
  private final Session session;

  SecretCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "list",
      description = "Lists the names of the secrets of a namespace; values are never shown.",
      footer = {"", "Example:", "  direkcli secrets list demo"})
  void list(@Parameters(paramLabel = "NAMESPACE", description = "where to look") String namespace) {
    Message request = Ingress.GET_SECRETS.newRequest().set("namespace", namespace);
    session
        .output()
        .list(
            session.call(Ingress.GET_SECRETS, request).messages("secrets"),
            "No secrets exist under '" + namespace + "'",
            List.of("SECRET"),
            secret -> List.of(secret.text("name")));
  }

  @Command(
      name = "create",
      description = {
        "Stores a secret.",
        "A VALUE on the command line shows in the list of processes; --from-file does not."
      },
      footer = {
        "",
        "Examples:",
        "  direkcli secrets create demo API_KEY --from-file=key.txt",
        "  printf %%s \"$API_KEY\" | direkcli secrets create demo API_KEY --from-file=-"
      })
  void create(
      @Parameters(paramLabel = "NAMESPACE", description = "where to keep it") String namespace,
      @Parameters(paramLabel = "KEY", description = "its name") String key,
      @Parameters(paramLabel = "VALUE", arity = "0..1", description = "the secret itself")
          String value,
      @Option(
              names = "--from-file",
              paramLabel = "FILE",
              description = "read the value from a file, or from - for standard input")
          String file) {
    Message request =
        Ingress.STORE_SECRET
            .newRequest()
            .set("namespace", namespace)
            .set("name", key)
            .set("data", SecretValue.of(session, value, file, "the secret"));
    session.call(Ingress.STORE_SECRET, request);
    session.output().done("Successfully create secret '" + key + "'.");
  }

  @Command(
      name = "delete",
      description = "Deletes a secret.",
      footer = {"", "Example:", "  direkcli secrets delete demo API_KEY"})
  void delete(
      @Parameters(paramLabel = "NAMESPACE", description = "where it is") String namespace,
      @Parameters(paramLabel = "KEY", description = "its name") String key) {
    Message request =
        Ingress.DELETE_SECRET.newRequest().set("namespace", namespace).set("name", key);
    session.call(Ingress.DELETE_SECRET, request);
    session.output().done("Successfully removed secret '" + key + "'.");
  }
}
