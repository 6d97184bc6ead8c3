package io.direktiv.server;

import io.direktiv.telemetry.Logs;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `direktiv server`. Its options are the settings of [Catalog].
public final class ServerCommand {
  private static final int REFUSED = 1;

  private ServerCommand() {}

  /// The command as picocli knows it.
  public static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("server").mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(
            "Runs the server until it is told to stop (Ctrl-C or SIGTERM; a second one kills).",
            "Running instances go on when it is started again.")
        .footer(
            "",
            "Every setting is also a key of the file that --config names (data: /var/lib/direktiv)",
            "and an environment variable (DIREKTIV_DATA). A flag wins over the environment, and",
            "that over the file. The master key is no flag: set DIREKTIV_MASTER_KEY or",
            "--master-key-file.",
            "",
            "Exit code 0 after a clean stop, 1 when the server cannot start.")
        .sortOptions(false);
    for (Setting<?> setting : Catalog.ALL) {
      if (setting.kind() != Setting.Kind.SECRET) {
        spec.addOption(option(setting));
      }
    }
    spec.addOption(
        OptionSpec.builder("--print-config")
            .description("print the settings that count and where each comes from, and end")
            .build());
    return spec;
  }

  private static OptionSpec option(Setting<?> setting) {
    String standard = setting.standard().isEmpty() ? "" : " (" + setting.standard() + ")";
    boolean isFlag = setting.label().equals("BOOLEAN");
    return OptionSpec.builder(setting.flag())
        .type(String.class)
        .arity(isFlag ? "0..1" : "1")
        .fallbackValue(isFlag ? "true" : "")
        .paramLabel(setting.label())
        .description(setting.meaning() + standard)
        .build();
  }

  /// Runs the command and returns its exit code.
  public static int run(ParseResult parsed) {
    Map<String, String> flags = new HashMap<>();
    for (OptionSpec option : parsed.matchedOptions()) {
      if (option.getValue() instanceof String value) {
        flags.put(option.longestName().substring(2), value);
      }
    }
    try {
      Settings settings = SettingsReader.read(flags, System.getenv());
      if (parsed.hasMatchedOption("--print-config")) {
        System.out.print(settings.print());
        return 0;
      }
      Logs.configure(settings.get(Catalog.LOG_FORMAT), settings.get(Catalog.LOG_LEVEL));
      return serve(new Server(settings, System.out), System.err);
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
  }

  private static int serve(Server server, PrintStream err) {
    Signals signals = Signals.install();
    try {
      server.start();
    } catch (StartupException e) {
      err.println(e.getMessage());
      return REFUSED;
    }
    signals.await();
    server.stop();
    return 0;
  }
}
