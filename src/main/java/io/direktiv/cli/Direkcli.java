package io.direktiv.cli;

import io.direktiv.client.GrpcException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
  private static final String HELP = "help";
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
    List<String> words = withHelpAsOption(List.of(args));
    try (Session session = new Session(io, program.options)) {
      return program.line(words, session, io).execute(words.toArray(String[]::new));
    }
  }

  /// The words of a command line in which `help`, in the place of a command, means `--help`: `help
  /// workflows list` and `workflows help list` are `workflows list --help`.
  private static List<String> withHelpAsOption(List<String> args) {
    int first = 0;
    while (first < args.size() && !isCommand(args.get(first))) {
      first++;
    }
    int second = first + 1;
    boolean isFirst = first < args.size() && args.get(first).equals(HELP);
    boolean isSecond = second < args.size() && args.get(second).equals(HELP);
    if (!isFirst && !isSecond) {
      return args;
    }
    List<String> words = new ArrayList<>(args);
    words.remove(isFirst ? first : second);
    words.add("--" + HELP);
    return words;
  }

  private static boolean isCommand(String word) {
    return word.equals(HELP) || GROUPS.containsKey(word);
  }

  private CommandLine line(List<String> args, Session session, Io io) {
    // The options are not parsed yet when the command line makes no sense.
    Complaints complaints = new Complaints(io.err(), args.contains("--json"));
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
        .setExecutionExceptionHandler((e, _, _) -> explain(e, complaints))
        .setParameterExceptionHandler((e, _) -> explain(e, complaints, io.err()))
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

  private static int explain(Exception e, Complaints complaints) throws Exception {
    return switch (e) {
      case GrpcException grpc -> {
        complaints.coded(grpc.code().word(), grpc.getMessage());
        yield ExitCode.FAILED;
      }
      case UserException user -> {
        complaints.own(user.getMessage());
        yield user.exitCode();
      }
      case OutputClosedException _ -> ExitCode.PIPE_CLOSED;
      default -> throw e;
    };
  }

  private static int explain(ParameterException e, Complaints complaints, PrintStream err) {
    CommandLine command = e.getCommandLine();
    boolean isGroup = !command.getSubcommands().isEmpty();
    String name = command.getCommandSpec().qualifiedName();
    if (e instanceof UnmatchedArgumentException unmatched) {
      complaints.usage(unknown(unmatched, isGroup), name);
    } else if (!isGroup || e.getArgSpec() != null) {
      complaints.usage(e.getMessage(), name);
    } else if (complaints.isJson()) {
      complaints.usage("the command is missing", name);
    } else {
      command.usage(err);
    }
    return ExitCode.USAGE;
  }

  private static String unknown(UnmatchedArgumentException e, boolean isGroup) {
    String word = e.getUnmatched().getFirst();
    List<String> near =
        e.getSuggestions().stream().filter(other -> other.charAt(0) == word.charAt(0)).toList();
    String found =
        word.startsWith("-")
            ? "there is no option \"" + word + "\""
            : isGroup
                ? "there is no command \"" + word + "\""
                : "\"" + word + "\" is one argument too many";
    return near.isEmpty() ? found : found + "; did you mean " + near.getFirst() + "?";
  }
}
