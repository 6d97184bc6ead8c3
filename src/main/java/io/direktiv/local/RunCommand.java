package io.direktiv.local;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.json.Printable;
import io.direktiv.model.Workflow;
import io.direktiv.model.WorkflowReader;
import io.direktiv.server.FileTrouble;
import io.direktiv.server.Parts;
import io.direktiv.server.SettingsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `direktiv run`.
@Command(
    name = "run",
    description = {
      "Runs a workflow in this process and prints its output.",
      "Exit code 0 when it completes, 1 when it fails."
    },
    footer = {
      "",
      "Examples:",
      "  direktiv run helloworld.yml --input '{\"name\":\"Alan\"}'",
      "  direktiv run helloworld.yml --input @input.json --logs",
      "  cat helloworld.yml | direktiv run -",
      "  direktiv run flows --workflow parent --secret API_KEY=ENV:API_KEY"
    },
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  /// How many workflows a message names.
  private static final int NAMED_MAX = 12;

  private final Parts.FunctionsMaker functions;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|DIR",
      description = {
        "the workflow, or - for standard input; of a folder,",
        "the one that --workflow names"
      })
  private Path path;

  @Option(
      names = "--workflow",
      paramLabel = "ID",
      description = "which workflow of the folder to run; needed when there are several")
  private String workflow;

  @Option(
      names = "--input",
      paramLabel = "JSON|@FILE|-",
      description = "the input: JSON text, a file, or standard input; {} when left out")
  private String input;

  @Option(
      names = "--secret",
      paramLabel = "NAME=@FILE|NAME=ENV:VARIABLE",
      description = "a secret, read from a file or from an environment variable")
  private List<String> secrets = List.of();

  @Option(names = "--logs", description = "print the instance's log to stderr")
  private boolean logs;

  /// A command that calls functions with what `functions` makes.
  public RunCommand(Parts.FunctionsMaker functions) {
    this.functions = functions;
  }

  @Override
  public Integer call() {
    if (path.toString().equals(Source.STANDARD_INPUT) && Source.STANDARD_INPUT.equals(input)) {
      throw refuse("standard input cannot be both the workflow and its input; give one as a file");
    }
    List<Source> sources = new ArrayList<>(sources());
    Source main = main(sources);
    sources.remove(main);
    LocalRun.Request request =
        new LocalRun.Request(
            main,
            sources,
            InputArgument.read(input, spec),
            readSecrets(),
            logs ? Optional.of(RunCommand::print) : Optional.empty());
    try {
      return new LocalRun(System.out, System.err, functions).run(request);
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
  }

  private static void print(InstanceId id, LogLine line) {
    System.err.println(id + "  " + line.level().word() + "  " + Printable.of(line.message()));
  }

  private List<Source> sources() {
    try {
      return Source.of(path, System.in);
    } catch (IOException e) {
      throw refuse(path + " cannot be read: " + FileTrouble.reason(e));
    }
  }

  private Source main(List<Source> sources) {
    if (sources.equals(List.of(new Source.OfFile(path))) && !Files.exists(path)) {
      throw refuse(path + " does not exist; give a workflow file or a folder of them");
    }
    if (sources.size() == 1 && workflow == null) {
      return sources.getFirst();
    }
    if (sources.isEmpty()) {
      throw refuse(path + " has no .yml or .yaml file; give a workflow file or a folder of them");
    }
    Map<String, Source> byId = new LinkedHashMap<>();
    List<String> broken = new ArrayList<>();
    for (Source source : sources) {
      id(source)
          .ifPresentOrElse(id -> byId.putIfAbsent(id, source), () -> broken.add(source.name()));
    }
    if (workflow != null && byId.containsKey(workflow)) {
      return byId.get(workflow);
    }
    throw refuse(missing(byId.keySet(), broken));
  }

  /// Says that a workflow must be named, or that the one that was named is not there.
  private String missing(Collection<String> ids, List<String> broken) {
    String sentence =
        workflow == null
            ? path + " holds several workflows; say which one to run with --workflow ID"
            : "no workflow of " + path + " has the id \"" + workflow + "\"";
    String known = ids.isEmpty() ? "" : "; there are " + some(ids);
    return sentence + known + (broken.isEmpty() ? "" : "; not valid: " + some(broken));
  }

  private static String some(Collection<String> words) {
    String named = words.stream().limit(NAMED_MAX).collect(Collectors.joining(", "));
    return words.size() > NAMED_MAX ? named + " and others" : named;
  }

  private Optional<String> id(Source source) {
    try {
      return WorkflowReader.read(source.read()).workflow().map(Workflow::id);
    } catch (IOException e) {
      throw refuse(source.name() + " cannot be read: " + FileTrouble.reason(e));
    }
  }

  private Map<String, String> readSecrets() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String each : secrets) {
      int equals = each.indexOf('=');
      if (equals < 1) {
        throw refuse("--secret " + each + ": write NAME=@FILE or NAME=ENV:VARIABLE");
      }
      String name = each.substring(0, equals);
      values.put(name, secret(name, each.substring(equals + 1)));
    }
    return values;
  }

  private String secret(String name, String from) {
    if (from.startsWith("ENV:")) {
      String value = System.getenv(from.substring(4));
      if (value == null) {
        throw refuse("secret " + name + ": the variable " + from.substring(4) + " is not set");
      }
      return value;
    }
    if (!from.startsWith("@")) {
      throw refuse(
          "secret " + name + ": write @FILE or ENV:VARIABLE; a value here would show in ps");
    }
    try {
      return Files.readString(Path.of(from.substring(1)), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw refuse(
          "secret "
              + name
              + ": "
              + from.substring(1)
              + " cannot be read: "
              + FileTrouble.reason(e));
    }
  }

  private ParameterException refuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
