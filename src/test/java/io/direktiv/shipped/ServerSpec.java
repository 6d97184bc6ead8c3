package io.direktiv.shipped;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How to start a server.
///
/// @param folder holds its data, its master key and its log
/// @param data where its data stand
/// @param bind the address of its HTTP door; port 0 is any free one
/// @param environment variables that are added
/// @param prefix a program that starts it, such as `strace`
/// @param arguments more than the folder and the addresses
public record ServerSpec(
    Path folder,
    Path data,
    String bind,
    Map<String, String> environment,
    List<String> prefix,
    List<String> arguments) {
  /// A server with its data in `folder`, on free ports.
  public static ServerSpec in(Path folder) {
    Path data = folder.resolve("data");
    return new ServerSpec(folder, data, "127.0.0.1:0", Map.of(), List.of(), List.of());
  }

  /// The same with its data elsewhere.
  public ServerSpec withData(Path elsewhere) {
    return new ServerSpec(folder, elsewhere, bind, environment, prefix, arguments);
  }

  /// The same with another address of the HTTP door.
  public ServerSpec withBind(String address) {
    return new ServerSpec(folder, data, address, environment, prefix, arguments);
  }

  /// The same with variables.
  public ServerSpec withEnvironment(Map<String, String> variables) {
    return new ServerSpec(folder, data, bind, variables, prefix, arguments);
  }

  /// The same under another program.
  public ServerSpec withPrefix(String... program) {
    return new ServerSpec(folder, data, bind, environment, List.of(program), arguments);
  }

  /// The same with more arguments.
  public ServerSpec withArguments(String... more) {
    return new ServerSpec(folder, data, bind, environment, prefix, List.of(more));
  }

  /// Starts it and returns at once.
  public ShippedServer start() throws IOException {
    return ShippedServer.start(this);
  }

  /// What its processes write to stderr, all of them.
  Path log() {
    return folder.resolve("log");
  }

  List<String> command() {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of("./direktiv", "server", "--data", data.toString()));
    command.addAll(List.of("--master-key-file", folder.resolve("key").toString()));
    command.addAll(List.of("--api-bind", bind, "--ingress-bind", "127.0.0.1:0"));
    command.addAll(arguments);
    return command;
  }
}
