package io.direktiv.functions.contract;

import io.direktiv.model.FunctionDefinition;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The contracts that functions may speak.
public enum Contract {
  FILES,
  HTTP,
  STDIO;

  private static final Set<String> HTTP_PORTS = Set.of("8080", "8080/tcp");

  /// The contract that a function names.
  public static Optional<Contract> named(FunctionDefinition function) {
    return function.contract().map(word -> valueOf(word.toUpperCase(Locale.ROOT)));
  }

  /// The contract of a function that names none: `http` when its image exposes port 8080, else
  /// `files`.
  ///
  /// @param exposedPorts as images write them, where a port without a protocol is one of TCP
  public static Contract ofImage(Set<String> exposedPorts) {
    return exposedPorts.stream().anyMatch(HTTP_PORTS::contains) ? HTTP : FILES;
  }
}
