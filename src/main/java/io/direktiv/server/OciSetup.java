package io.direktiv.server;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.image.Image;
import io.direktiv.functions.image.ImageConfig;
import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.Images;
import io.direktiv.functions.image.PullProgress;
import io.direktiv.functions.oci.OciRuntime;
import io.direktiv.functions.oci.Root;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// Wires the runtime `oci` and its images for a server's data folder.
final class OciSetup {
  /// Mounts of sandboxes are made here: it is in memory, and everybody may enter it.
  private static final Path RUN = Path.of("/run/direktiv");

  private OciSetup() {}

  /// @param data the server's data folder, which tells servers of one machine apart
  static OciRuntime runtime(
      Path data, Images images, Map<String, String> environment, OciRuntime.Ahead ahead) {
    String key =
        UUID.nameUUIDFromBytes(data.toString().getBytes(StandardCharsets.UTF_8))
            .toString()
            .substring(0, 8);
    OciRuntime.Places places =
        new OciRuntime.Places(RUN.resolve(key), data.resolve("sandboxes"), key);
    return new OciRuntime(
        (sandbox, output) -> root(images, sandbox, output), places, environment, ahead);
  }

  private static Root root(Images images, Sandbox sandbox, Consumer<OutputLine> output)
      throws SandboxException {
    try {
      return new Pulled(
          images.provide(
              sandbox.image(),
              sandbox.credentials(),
              PullProgress.lines(note -> output.accept(new OutputLine(false, note)))));
    } catch (ImageException e) {
      throw new SandboxException(
          Codes.FUNCTION_IMAGE,
          "image \"" + sandbox.image() + "\" cannot be had: " + e.getMessage() + "; " + e.advice());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new SandboxException(
          Codes.FUNCTION_UNAVAILABLE, "fetching the image was interrupted; try again");
    }
  }

  /// An image of a registry as the root of sandboxes.
  private record Pulled(Image image) implements Root {
    @Override
    public Path folder() {
      return image.root();
    }

    @Override
    public ImageProcess process() {
      ImageConfig config = image.config();
      return new ImageProcess(
          config.entrypoint(),
          config.command(),
          config.environment(),
          config.user(),
          config.folder());
    }

    @Override
    public void close() {
      image.close();
    }
  }
}
