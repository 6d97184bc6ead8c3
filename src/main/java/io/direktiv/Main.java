package io.direktiv;

import io.direktiv.local.DockerLogins;
import io.direktiv.local.ImagesCommand;
import io.direktiv.local.RunCommand;
import io.direktiv.local.ValidateCommand;
import io.direktiv.local.function.FunctionCommand;
import io.direktiv.local.jq.JqCommand;
import io.direktiv.server.FunctionsSetup;
import io.direktiv.server.Parts;
import io.direktiv.server.ServerCommand;
import io.direktiv.server.TokenCommand;
import io.direktiv.server.Version;
import io.direktiv.store.StoreException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/// The program `direktiv`: chooses a command and turns its result into an exit code.
@Command(
    name = "direktiv",
    description = "Serverless container workflows: YAML states and jq, run durably.",
    versionProvider = Version.class,
    footer = {
      "",
      "Examples:",
      "  direktiv run examples/helloworld.yml --input '{\"name\":\"Alan\"}'",
      "  direktiv validate examples",
      "  direktiv server --data /var/lib/direktiv"
    },
    mixinStandardHelpOptions = true)
public final class Main {
  private Main() {}

  /// Runs the command that `args` name.
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("jq")) {
      JqCommand.main(List.of(args).subList(1, args.length));
      return;
    }
    StandardOutput out = StandardOutput.install();
    CommandLine line =
        new CommandLine(new Main())
            .addSubcommand(
                new RunCommand((store, vault) -> functions(System.getenv()).make(store, vault)))
            .addSubcommand(new ValidateCommand())
            .addSubcommand(new ImagesCommand())
            .addSubcommand(FunctionCommand.of(Main::functions))
            .addSubcommand(JqCommand.entry())
            .addSubcommand(ServerCommand.spec())
            .addSubcommand(new TokenCommand())
            .addSubcommand(new CommandLine.HelpCommand())
            // "@FILE" is what the option says, not a file with more arguments.
            .setExpandAtFiles(false)
            .setExecutionExceptionHandler(Main::explain)
            .setParameterExceptionHandler(UsageErrors::explain);
    int code = args.length == 0 ? line.execute("--help") : line.execute(args);
    System.out.flush();
    System.exit(out.exitCode(code, System.err));
  }

  /// The functions of a command, with the logins of its user.
  private static Parts.FunctionsMaker functions(Map<String, String> environment) {
    return FunctionsSetup.ofEnvironment(environment, DockerLogins.ofUser(environment));
  }

  /// What the disk refuses is told in a sentence; anything else is a defect and shows its trace.
  private static int explain(Exception e, CommandLine command, ParseResult parsed)
      throws Exception {
    if (!(e instanceof StoreException)) {
      throw e;
    }
    command.getErr().println("direktiv: " + e.getMessage());
    return CommandLine.ExitCode.SOFTWARE;
  }
}
