package io.direktiv.local;

import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.model.WorkflowReader;
import io.direktiv.server.FileTrouble;
import io.direktiv.server.Parts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
      "  direktiv run flows --workflow parent --secret API_KEY=ENV:API_KEY"
    },
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  private final Parts.FunctionsMaker functions;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|DIR",
      description = "the workflow; of a folder, the one named by --workflow")
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
  private Map<String, String> secrets = new LinkedHashMap<>();

  @Option(names = "--logs", description = "print the instance's log to stderr")
  private boolean logs;

  /// A command that calls functions with what `functions` makes.
  public RunCommand(Parts.FunctionsMaker functions) {
    this.functions = functions;
  }

  @Override
  public Integer call() {
    List<Path> files = new ArrayList<>(WorkflowFiles.of(path));
    Path main = main(files);
    files.remove(main);
    LocalRun.Request request = new LocalRun.Request(main, files, readInput(), readSecrets(), logs);
    return new LocalRun(System.out, System.err, functions).run(request);
  }

  private Path main(List<Path> files) {
    if (!Files.exists(path)) {
      throw refuse(path + " does not exist; give a workflow file or a folder of them");
    }
    if (files.size() == 1 && workflow == null) {
      return files.getFirst();
    }
    if (files.isEmpty()) {
      throw refuse(path + " has no .yml or .yaml file; give a workflow file or a folder of them");
    }
    if (workflow == null) {
      throw refuse(
          path + " holds " + files.size() + " workflows; say which one to run with --workflow ID");
    }
    return files.stream()
        .filter(this::isWanted)
        .findFirst()
        .orElseThrow(() -> refuse("no file of " + path + " has the workflow id " + workflow));
  }

  private boolean isWanted(Path file) {
    try {
      return WorkflowReader.read(Files.readAllBytes(file))
          .workflow()
          .filter(found -> found.id().equals(workflow))
          .isPresent();
    } catch (IOException e) {
      throw refuse(file + " cannot be read: " + FileTrouble.reason(e));
    }
  }

  private Json readInput() {
    if (input == null) {
      return JsonObject.EMPTY;
    }
    try {
      if (input.equals("-")) {
        return Json.parse(System.in.readAllBytes());
      }
      return input.startsWith("@")
          ? Json.parse(Files.readAllBytes(Path.of(input.substring(1))))
          : Json.parse(input);
    } catch (IOException e) {
      throw refuse("--input " + input + " cannot be read: " + FileTrouble.reason(e));
    } catch (JsonException e) {
      throw refuse("--input is not JSON: " + e.getMessage());
    }
  }

  private Map<String, String> readSecrets() {
    Map<String, String> values = new LinkedHashMap<>();
    secrets.forEach((name, from) -> values.put(name, secret(name, from)));
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
