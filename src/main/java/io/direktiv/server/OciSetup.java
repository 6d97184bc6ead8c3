package io.direktiv.server;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.image.Image;
import io.direktiv.functions.image.ImageConfig;
import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.ImageLimits;
import io.direktiv.functions.image.Images;
import io.direktiv.functions.image.PullProgress;
import io.direktiv.functions.oci.OciRuntime;
import io.direktiv.functions.oci.Root;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Wires the runtime `oci` and its images.
///
/// ```
///   images-folder            shared by all processes of a user
///   images-folder/../runs    what sandboxes write that run without a server
///   DATA/sandboxes           what those of a server write
///   /run/direktiv/KEY        their mounts, see [RunFolder]
/// ```
final class OciSetup {
  private OciSetup() {}

  /// The runtime of a process.
  ///
  /// @param owner a server's data folder, which tells servers of one machine apart; empty for a
  ///   process that leaves no data
  ///
  /// @throws IOException when there is no folder for mounts
  static OciRuntime runtime(Settings settings, Map<String, String> environment, String owner)
      throws IOException {
    Path run = RunFolder.of(OciRuntime.isRoot(), environment);
    LazyImages images = new LazyImages(settings, environment, owner.isEmpty());
    Path runs = ImagesSetup.folder(settings, environment).resolveSibling("runs");
    OciRuntime.Places places =
        owner.isEmpty() ? places(run, runs, Run.ofThisProcess()) : places(run, Path.of(owner));
    return new OciRuntime(
        (sandbox, output) -> root(images.get(), sandbox, output),
        places,
        environment,
        new OciRuntime.Ahead(
            owner.isEmpty() ? 0 : settings.get(Catalog.FUNCTIONS_PREPARED),
            settings.get(Catalog.FUNCTIONS_IDLE)),
        () -> deadRuns(run, runs));
  }

  private static OciRuntime.Places places(Path run, Path data) {
    String key =
        UUID.nameUUIDFromBytes(data.toString().getBytes(StandardCharsets.UTF_8))
            .toString()
            .substring(0, 8);
    return new OciRuntime.Places(run.resolve(key), data.resolve("sandboxes"), key);
  }

  private static OciRuntime.Places places(Path run, Path runs, Run process) {
    String name = process.toString();
    return new OciRuntime.Places(run.resolve(name), runs.resolve(name), name);
  }

  /// Where processes that are gone, and that nobody starts again, had their sandboxes.
  private static List<OciRuntime.Places> deadRuns(Path run, Path runs) {
    try (Stream<Path> folders = Files.list(runs)) {
      return folders
          .map(folder -> Run.parse(folder.getFileName().toString()))
          .flatMap(Optional::stream)
          .filter(dead -> !dead.isAlive())
          .map(dead -> places(run, runs, dead))
          .toList();
    } catch (IOException _) {
      return List.of();
    }
  }

  /// A process without data, named by its number and when it started.
  private record Run(long pid, long startMillis) {
    private static final Pattern FORM = Pattern.compile("run-(\\d{1,10})-(\\d{1,15})");

    static Run ofThisProcess() {
      return of(ProcessHandle.current());
    }

    private static Run of(ProcessHandle process) {
      return new Run(
          process.pid(), process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    }

    static Optional<Run> parse(String text) {
      Matcher matcher = FORM.matcher(text);
      return matcher.matches()
          ? Optional.of(new Run(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
          : Optional.empty();
    }

    boolean isAlive() {
      return ProcessHandle.of(pid).map(Run::of).filter(this::equals).isPresent();
    }

    @Override
    public String toString() {
      return "run-" + pid + "-" + startMillis;
    }
  }

  /// Images whose folder is opened when the first is wanted.
  private static final class LazyImages {
    private final Settings settings;
    private final Map<String, String> environment;
    private final boolean isOfUser;
    private Images images;

    private LazyImages(Settings settings, Map<String, String> environment, boolean isOfUser) {
      this.settings = settings;
      this.environment = environment;
      this.isOfUser = isOfUser;
    }

    synchronized Images get() throws SandboxException {
      try {
        if (images == null) {
          images =
              isOfUser
                  ? ImagesSetup.ofUser(environment, ImageLimits.PATIENCE)
                  : ImagesSetup.ofServer(settings, environment);
        }
        return images;
      } catch (SettingsException e) {
        throw new SandboxException(Codes.FUNCTION_UNAVAILABLE, e.getMessage());
      } catch (IOException e) {
        throw new SandboxException(
            Codes.FUNCTION_UNAVAILABLE,
            "images cannot be kept in "
                + ImagesSetup.folder(settings, environment)
                + " ("
                + FileTrouble.reason(e)
                + "); name another folder with images-folder (DIREKTIV_IMAGES_FOLDER)");
      }
    }
  }

  private static Root root(Images images, Sandbox sandbox, Consumer<OutputLine> output)
      throws SandboxException {
    try {
      return new Pulled(
          images.provide(
              sandbox.image(),
              sandbox.credentials(),
              PullProgress.lines(note -> output.accept(OutputLine.note(false, note)))));
    } catch (ImageException e) {
      throw new SandboxException(
          Codes.FUNCTION_IMAGE,
          "image \"" + sandbox.image() + "\" cannot be had: " + e.getMessage() + "; " + advice(e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new SandboxException(
          Codes.FUNCTION_UNAVAILABLE, "fetching the image was interrupted; try again");
    }
  }

  private static String advice(ImageException e) {
    return e.kind() == ImageException.Kind.ABSENT
        ? e.advice()
            + "; one that only an engine of this machine has runs with isolation: docker"
            + " (DIREKTIV_ISOLATION=docker)"
        : e.advice();
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
          config.folder(),
          config.exposedPorts());
    }

    @Override
    public void close() {
      image.close();
    }
  }
}
