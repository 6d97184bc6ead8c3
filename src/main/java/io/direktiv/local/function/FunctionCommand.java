package io.direktiv.local.function;

import io.direktiv.server.Parts;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `direktiv function`.
@Command(
    name = "function",
    description = "Begins a function, and runs one as the engine would.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class FunctionCommand {
  private FunctionCommand() {}

  /// The command with its subcommands.
  ///
  /// @param functions makes what calls functions, from environment variables
  public static CommandLine of(Function<Map<String, String>, Parts.FunctionsMaker> functions) {
    return new CommandLine(new FunctionCommand())
        .addSubcommand(new InitCommand())
        .addSubcommand(new RunFunctionCommand(functions));
  }
}
