package io.direktiv.server;

import io.direktiv.telemetry.Logs;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// `direktiv server`. Its options are the settings of [Catalog].
public final class ServerCommand implements Callable<Integer> {
  private static final String PRINT = "--print-config";

  private CommandSpec spec;

  private ServerCommand() {}

  /// The command as picocli knows it.
  public static CommandSpec spec() {
    ServerCommand command = new ServerCommand();
    CommandSpec spec = CommandSpec.wrapWithoutInspection(command);
    command.spec = spec;
    spec.name("server").mixinStandardHelpOptions(true).versionProvider(new Version());
    spec.usageMessage()
        .abbreviateSynopsis(true)
        .width(100)
        .sortOptions(false)
        .description(
            "Runs the server until it is told to stop (Ctrl-C or SIGTERM; a second one kills).",
            "Running instances go on when it is started again.",
            "")
        .footer(
            "",
            "Every setting is also an environment variable (DIREKTIV_DATA for --data) and a key of"
                + " the file",
            "that --config names (data: /var/lib/direktiv). A flag wins over the environment, and"
                + " that over",
            "the file. The master key itself is no flag: set DIREKTIV_MASTER_KEY or"
                + " --master-key-file.",
            "",
            "Exit code 0 after a clean stop, 1 when the server cannot start, 2 when a setting is"
                + " wrong.");
    for (Setting<?> setting : Catalog.ALL) {
      if (setting.kind() != Setting.Kind.SECRET) {
        spec.addOption(option(setting));
      }
    }
    return spec.addOption(
        OptionSpec.builder(PRINT)
            .type(boolean.class)
            .description("print the settings that count and where each comes from, and end")
            .build());
  }

  private static OptionSpec option(Setting<?> setting) {
    String standard = setting.standard().isEmpty() ? "" : " (default: " + setting.standard() + ")";
    OptionSpec.Builder option =
        OptionSpec.builder(setting.flag())
            .type(String.class)
            .paramLabel(setting.label())
            .description(setting.meaning().replace("%", "%%") + standard);
    return setting.label().equals("BOOLEAN")
        ? option.arity("0..1").fallbackValue("true").build()
        : option.arity("1").build();
  }

  @Override
  public Integer call() {
    try {
      Settings settings = SettingsReader.read(flags(), System.getenv());
      if (spec.commandLine().getParseResult().hasMatchedOption(PRINT)) {
        System.out.print(settings.print());
        return CommandLine.ExitCode.OK;
      }
      Logs.configure(settings.get(Catalog.LOG_FORMAT), settings.get(Catalog.LOG_LEVEL));
      return serve(new Server(settings, System.out), System.err);
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (option.getValue() instanceof String value) {
        flags.put(option.longestName().substring(2), value);
      }
    }
    return flags;
  }

  private static int serve(Server server, PrintStream err) {
    Signals signals = Signals.install();
    try {
      server.start();
    } catch (StartupException e) {
      err.println(e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    signals.await();
    server.stop();
    return CommandLine.ExitCode.OK;
  }
}
