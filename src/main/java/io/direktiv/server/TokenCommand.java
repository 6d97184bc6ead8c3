package io.direktiv.server;

import io.direktiv.api.ApiToken;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.Store;
import io.direktiv.store.StoreException;
import io.direktiv.store.TokenRecord;
import io.direktiv.store.sql.SqlStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `direktiv token`: makes, lists and deletes API tokens in a data folder, also while a server runs
/// on it: what is committed here counts for the server's next request.
@Command(
    name = "token",
    description = {
      "Makes, lists and deletes API tokens in the data folder, also while the server runs.",
      "They count when the server runs with --auth tokens."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      TokenCommand.Create.class,
      TokenCommand.Listed.class,
      TokenCommand.Delete.class,
      CommandLine.HelpCommand.class
    })
public final class TokenCommand {
  /// The command; picocli fills it.
  public TokenCommand() {}

  /// Which data folder is meant.
  static final class Folder {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
        names = "--data",
        paramLabel = "FOLDER",
        description = "the server's data folder (default: DIREKTIV_DATA, or direktiv-data)")
    private String data;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "the server's configuration file (default: DIREKTIV_CONFIG)")
    private String config;

    private interface Work {
      void run(Store store);
    }

    private Path path() {
      Map<String, String> flags = new HashMap<>();
      Optional.ofNullable(data).ifPresent(text -> flags.put(Catalog.DATA.key(), text));
      Optional.ofNullable(config).ifPresent(text -> flags.put(Catalog.CONFIG.key(), text));
      return SettingsReader.read(flags, System.getenv()).get(Catalog.DATA);
    }

    /// Does `work` on the store and returns the exit code.
    private int open(Work work) {
      try (Store store = SqlStore.openBeside(path(), Runnable::run)) {
        work.run(store);
        return CommandLine.ExitCode.OK;
      } catch (SettingsException | StoreException | ConflictException e) {
        spec.commandLine().getErr().println(e.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
      }
    }

    private static void commit(Store store, Change change) {
      try {
        store.commit(List.of(change)).join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : e;
      }
    }
  }

  /// `direktiv token create`.
  @Command(
      name = "create",
      description = {
        "Makes a token and prints it once; the server keeps its hash alone.",
        "Send it as Authorization: Bearer TOKEN, over HTTP and gRPC."
      },
      mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    @Mixin private Folder folder;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "names the token in lists and logs")
    private String name;

    @Option(
        names = "--namespace",
        paramLabel = "NAMESPACE",
        description = "opens this namespace only (default: the whole server)")
    private String namespace;

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        description = "ends after this time, such as 12h or 30d (default: never)")
    private String expires;

    @Override
    public Integer call() {
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
        throw refuse("NAME must have 1 to 64 letters, digits, dots, hyphens or underscores");
      }
      Instant now = Instant.now();
      Optional<Instant> end = Optional.ofNullable(expires).map(text -> now.plus(duration(text)));
      ApiToken token = ApiToken.draw(new SecureRandom());
      TokenRecord record =
          new TokenRecord(
              name, ApiToken.hash(token.text()), Optional.ofNullable(namespace), now, end);
      return folder.open(store -> {
        if (namespace != null && store.definitions().namespace(namespace).isEmpty()) {
          throw new ConflictException(
              ConflictException.Kind.ABSENT, "namespace '" + namespace + "'");
        }
        Folder.commit(store, new Change.CreateToken(record));
        spec.commandLine().getOut().println(token.text());
      });
    }

    private Duration duration(String text) {
      try {
        return Readers.duration(text);
      } catch (IllegalArgumentException e) {
        throw refuse("--expires must be " + e.getMessage() + ", but is \"" + text + "\"");
      }
    }

    private ParameterException refuse(String message) {
      return new ParameterException(spec.commandLine(), message);
    }
  }

  /// `direktiv token list`.
  @Command(
      name = "list",
      description = "Lists the tokens without their texts, which nobody keeps.",
      mixinStandardHelpOptions = true)
  static final class Listed implements Callable<Integer> {
    @Mixin private Folder folder;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      return folder.open(store -> {
        print("NAME", "NAMESPACE", "CREATED", "EXPIRES");
        for (TokenRecord token : store.holdings().tokens()) {
          print(
              token.name(),
              token.namespace().orElse("all"),
              seconds(token.createdAt()),
              token.expiresAt().map(Listed::end).orElse("never"));
        }
      });
    }

    private static String end(Instant at) {
      return seconds(at) + (at.isAfter(Instant.now()) ? "" : " (over)");
    }

    private static String seconds(Instant at) {
      return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void print(String name, String namespace, String created, String expires) {
      spec.commandLine()
          .getOut()
          .println(
              String.format("%-24s %-24s %-22s %s", name, namespace, created, expires)
                  .stripTrailing());
    }
  }

  /// `direktiv token delete`.
  @Command(
      name = "delete",
      description = "Deletes a token; the server refuses it from the next request on.",
      mixinStandardHelpOptions = true)
  static final class Delete implements Callable<Integer> {
    @Mixin private Folder folder;

    @Parameters(paramLabel = "NAME", description = "the token's name")
    private String name;

    @Override
    public Integer call() {
      return folder.open(store -> Folder.commit(store, new Change.DeleteToken(name)));
    }
  }
}
