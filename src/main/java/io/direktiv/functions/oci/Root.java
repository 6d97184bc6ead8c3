package io.direktiv.functions.oci;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// An image as a sandbox needs it: unpacked, with its owners shifted to those of the sandboxes.
/// Closing it lets the image be evicted.
public interface Root extends AutoCloseable {
  /// The folder with the image's files, which is never written to.
  Path folder();

  /// What the image says about the process to run.
  ImageProcess process();

  @Override
  void close();

  /// What an image says about its process (the OCI image specification's `config`).
  ///
  /// @param entrypoint the beginning of the command line
  /// @param command the rest, which a sandbox may replace
  /// @param environment texts of the form `NAME=value`
  /// @param user a name or number, then perhaps a colon and a group; empty for root
  /// @param folder where it runs; empty for `/`
  /// @param exposedPorts where it listens, such as `8080/tcp`
  record ImageProcess(
      List<String> entrypoint,
      List<String> command,
      List<String> environment,
      String user,
      String folder,
      Set<String> exposedPorts) {
    public ImageProcess {
      entrypoint = List.copyOf(entrypoint);
      command = List.copyOf(command);
      environment = List.copyOf(environment);
      exposedPorts = Set.copyOf(exposedPorts);
    }
  }
}
