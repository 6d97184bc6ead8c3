package io.direktiv.local.function;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.WorkflowError;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.json.Printable;
import io.direktiv.local.InputArgument;
import io.direktiv.local.LocalRun;
import io.direktiv.local.Source;
import io.direktiv.server.Parts;
import io.direktiv.server.SettingsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `direktiv function run`: a workflow of one action, on the engine of `direktiv run`, so that the
/// function finds what it would find on a server.
@Command(
    name = "run",
    description = {
      "Runs one function as the engine would, and prints its result.",
      "Its log and how long it took go to stderr.",
      "Exit code 0 when it has a result, 1 when it fails, 2 for wrong arguments."
    },
    footer = {
      "",
      "Examples:",
      "  direktiv function run greeter:v1 --input '{\"name\":\"Alan\"}'",
      "  direktiv function run ./rootfs --cmd 'cat /etc/os-release' --contract stdio",
      "  direktiv function run oci-archive:greeter.tar --input @input.json --json"
    },
    mixinStandardHelpOptions = true)
final class RunFunctionCommand implements Callable<Integer> {
  private static final List<String> SIZES = List.of("small", "medium", "large");
  private static final List<String> CONTRACTS = List.of("files", "http", "stdio");

  private final Function<Map<String, String>, Parts.FunctionsMaker> functions;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "IMAGE|DIR",
      description = {
        "an image of a registry, oci:DIR, oci-archive:FILE, docker-archive:FILE,",
        "or a folder: a root file system or an OCI layout"
      })
  private String image;

  @Option(
      names = "--input",
      paramLabel = "JSON|@FILE|-",
      description = "the input: JSON text, a file, or standard input; {} when left out")
  private String input;

  @Option(names = "--cmd", paramLabel = "COMMAND", description = "replaces the image's command")
  private String command;

  @Option(
      names = "--contract",
      paramLabel = "files|http|stdio",
      description = "how it takes its input; when left out, as a server would choose")
  private String contract;

  @Option(
      names = "--size",
      paramLabel = "small|medium|large",
      defaultValue = "small",
      description = "how much memory it has: 256, 512 or 1,024 MiB unless configured")
  private String size;

  @Option(
      names = "--network",
      paramLabel = "egress|none",
      description = "what it reaches; as configured when left out, which is egress")
  private String network;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "after how long it is stopped, such as 30s; 24h when left out")
  private String timeout;

  @Option(names = "--json", description = "print result, error and time as one JSON object")
  private boolean json;

  /// A command that calls functions with what `functions` makes of environment variables.
  RunFunctionCommand(Function<Map<String, String>, Parts.FunctionsMaker> functions) {
    this.functions = functions;
  }

  @Override
  public Integer call() {
    requireOneOf("--size", size, SIZES);
    requireOneOf("--contract", contract, CONTRACTS);
    try {
      LocalRun run = new LocalRun(System.out, System.err, functions.apply(environment()));
      Optional<LocalRun.Result> result =
          run.result(
              new LocalRun.Request(
                  new Source.OfInput(workflow().getBytes(StandardCharsets.UTF_8)),
                  List.of(),
                  InputArgument.read(input, spec),
                  Map.of(),
                  Optional.of(RunFunctionCommand::print)));
      return result.map(this::report).orElse(CommandLine.ExitCode.SOFTWARE);
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
  }

  private void requireOneOf(String option, String value, List<String> words) {
    if (value != null && !words.contains(value)) {
      throw new ParameterException(
          spec.commandLine(),
          option + " " + value + " is not known; write one of " + String.join(", ", words));
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    if (network != null) {
      environment.put("DIREKTIV_FUNCTIONS_NETWORK", network);
    }
    if (timeout != null) {
      environment.put("DIREKTIV_FUNCTIONS_TIME", timeout);
    }
    return environment;
  }

  /// A workflow whose only action calls the function. JSON is YAML too.
  private String workflow() {
    JsonObject.Builder function =
        JsonObject.builder().put("id", "function").put("image", reference()).put("size", size);
    if (command != null) {
      function.put("cmd", command);
    }
    if (contract != null) {
      function.put("contract", contract);
    }
    return """
    id: function
    functions:
    - %s
    states:
    - id: call
      type: action
      action: { function: function, input: . }
      transform: '{ return: .return }'
    """
        .formatted(function.build());
  }

  /// A folder of this machine by its path from the root; anything else as it is.
  private String reference() {
    Path folder = Path.of(image);
    if (!Files.isDirectory(folder)) {
      return image;
    }
    if (command == null && !Files.exists(folder.resolve("index.json"))) {
      throw new ParameterException(
          spec.commandLine(),
          image + " is a root file system, which names no command; give one with --cmd COMMAND");
    }
    return folder.toAbsolutePath().normalize().toString();
  }

  private static void print(InstanceId id, LogLine line) {
    System.err.println(line.level().word() + "  " + Printable.of(line.message()));
  }

  /// What the function returned, which need not be an object as a workflow's output must.
  private static Json returned(LocalRun.Result result) {
    return result.ending().output().orElse(Json.NULL) instanceof JsonObject output
        ? output.get("return")
        : Json.NULL;
  }

  private int report(LocalRun.Result result) {
    Optional<WorkflowError> error = result.error();
    String took = String.format(Locale.ROOT, "%.3f", result.took().toNanos() / 1e9);
    if (json) {
      JsonObject.Builder line = JsonObject.builder();
      if (error.isEmpty()) {
        line.put("result", returned(result));
      } else {
        line.put("code", error.get().code()).put("message", error.get().message());
      }
      System.out.println(line.put("seconds", Json.parse(took)).build());
    } else if (error.isEmpty()) {
      System.out.println(returned(result));
      System.err.println("took " + took + " s");
    } else {
      System.err.println(
          "failed after "
              + took
              + " s: ["
              + Printable.of(error.get().code())
              + "] "
              + Printable.of(error.get().message()));
    }
    return error.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
