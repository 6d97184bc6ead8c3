package io.direktiv.cli;

import io.direktiv.client.GrpcException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The program `direkcli`: chooses a command and turns what comes of it into an exit code.
@Command(
    name = "direkcli",
    description = "Talks to a Direktiv server.",
    versionProvider = Direkcli.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  direkcli namespaces create demo",
      "  direkcli workflows create demo helloworld.yml",
      "  direkcli workflows execute demo helloworld --input=input.json --wait",
      "",
      "Exit codes: 0 done, 1 refused or failed (stderr says why), 2 wrong command line."
    })
public final class Direkcli {
  private static final Map<String, Function<Session, Object>> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("namespaces", NamespaceCommands::new);
    GROUPS.put("workflows", WorkflowCommands::new);
    GROUPS.put("instances", InstanceCommands::new);
    GROUPS.put("secrets", SecretCommands::new);
    GROUPS.put("registries", RegistryCommands::new);
  }

  @Mixin private GlobalOptions options = new GlobalOptions();

  @CommandLine.Option(names = "--version", versionHelp = true, description = "print the version")
  private boolean version;

  private Direkcli() {}

  /// What the jar says about its version; a program that was not packed has none.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Direkcli.class.getPackage().getImplementationVersion();
      return new String[] {"direkcli " + (version == null ? "unpacked" : version)};
    }
  }

  /// Runs the command that `args` name.
  public static void main(String[] args) {
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    int code = run(args, new Io(System.in, out, err, System.getenv()));
    // Not System.exit, which loads the classes of two logging systems to offer a line about it. All
    // output is flushed and no hook is left.
    Runtime.getRuntime().halt(code);
  }

  /// The commands as picocli knows them.
  static CommandLine commandLine(List<String> args, Io io) {
    Direkcli program = new Direkcli();
    return program.line(args, new Session(io, program.options), io);
  }

  /// Runs a command and returns the exit code.
  static int run(String[] args, Io io) {
    Direkcli program = new Direkcli();
    try (Session session = new Session(io, program.options)) {
      return program.line(List.of(args), session, io).execute(args);
    }
  }

  private CommandLine line(List<String> args, Session session, Io io) {
    CommandLine line = new CommandLine(this);
    // Reading the annotations of all commands takes longer than a call to a server on this machine,
    // so only those that may be meant are made; a user who asks for help or is lost sees them all.
    boolean isAll = args.contains("--help") || args.contains("-h");
    boolean isNamed = !isAll && GROUPS.keySet().stream().anyMatch(args::contains);
    GROUPS.forEach((name, group) -> {
      if (!isNamed || args.contains(name)) {
        line.addSubcommand(name, group(group.apply(session), isAll ? List.of() : args));
      }
    });
    return line.setExpandAtFiles(false)
        .setInterpolateVariables(false)
        .setColorScheme(new Help.ColorScheme.Builder(Help.Ansi.OFF).build())
        .setExecutionExceptionHandler((e, _, _) -> explain(e, io.err()))
        .setParameterExceptionHandler((e, _) -> explain(e, io.err()))
        .setOut(new PrintWriter(io.out(), true, StandardCharsets.UTF_8));
  }

  /// The commands of a group that `args` name, or all; their methods have their names.
  private static CommandLine group(Object commands, List<String> args) {
    CommandLine group = new CommandLine(commands);
    List<Method> methods = CommandLine.getCommandMethods(commands.getClass(), null);
    boolean isNamed = methods.stream().anyMatch(method -> args.contains(method.getName()));
    for (Method method : methods) {
      if (!isNamed || args.contains(method.getName())) {
        group.addSubcommand(new CommandLine(method));
      }
    }
    return group;
  }

  private static int explain(Exception e, PrintStream err) throws Exception {
    return switch (e) {
      case GrpcException grpc -> {
        err.println("[" + grpc.code().word() + "] " + grpc.getMessage());
        yield ExitCode.FAILED;
      }
      case UserException user -> {
        err.println("direkcli: " + user.getMessage());
        yield user.exitCode();
      }
      case OutputClosedException _ -> ExitCode.PIPE_CLOSED;
      default -> throw e;
    };
  }

  private static int explain(ParameterException e, PrintStream err) {
    CommandLine command = e.getCommandLine();
    boolean isGroup = !command.getSubcommands().isEmpty();
    if (e instanceof UnmatchedArgumentException unmatched) {
      err.println("direkcli: " + unknown(unmatched, isGroup));
    } else if (isGroup && e.getArgSpec() == null) {
      command.usage(err);
      return ExitCode.USAGE;
    } else {
      err.println("direkcli: " + e.getMessage());
    }
    err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static String unknown(UnmatchedArgumentException e, boolean isGroup) {
    String word = e.getUnmatched().getFirst();
    List<String> near = e.getSuggestions();
    String found =
        word.startsWith("-")
            ? "there is no option \"" + word + "\""
            : isGroup
                ? "there is no command \"" + word + "\""
                : "\"" + word + "\" is one argument too many";
    return near.isEmpty() ? found : found + "; did you mean " + near.getFirst() + "?";
  }
}
