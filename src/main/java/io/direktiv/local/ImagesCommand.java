package io.direktiv.local;

import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.Image;
import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.Images;
import io.direktiv.functions.image.PullProgress;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.server.FileTrouble;
import io.direktiv.server.ImagesSetup;
import io.direktiv.server.SettingsException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `direktiv images`: what is kept for functions that run without an engine.
@Command(
    name = "images",
    description = {
      "Fetches, shows and removes the images that isolation oci keeps on this machine.",
      "Works beside servers of the same user, which share them.",
      "Exit code 0 when it is done, 1 when it fails."
    },
    footer = {
      "",
      "Examples:",
      "  direktiv images pull direktiv/greeting:v3",
      "  direktiv images pull registry.example/tool --user bot --password-stdin < FILE",
      "  direktiv images list --json",
      "  direktiv images remove direktiv/greeting:v3",
      "  direktiv images prune --unused 7d --to 5GiB"
    },
    mixinStandardHelpOptions = true)
public final class ImagesCommand {
  private static final String TOKEN = "DIREKTIV_FLOW_REGISTRY_TOKEN";
  private static final double MIB = 1 << 20;

  /// As long as a question takes: who says pull wants to know what there is now.
  private static final Duration PATIENCE = Duration.ofHours(1);

  /// Something with images that may fail.
  private interface Work {
    int with(Images images) throws ImageException, IOException, InterruptedException;
  }

  private static int run(Work work) {
    try (Images images = ImagesSetup.ofUser(System.getenv(), PATIENCE)) {
      return work.with(images);
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    } catch (IOException e) {
      System.err.println("direktiv: images cannot be kept here: " + FileTrouble.reason(e));
    } catch (ImageException e) {
      System.err.println("direktiv: " + e.getMessage() + "; " + e.advice());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /// `direktiv images pull`.
  @Command(
      name = "pull",
      description = {
        "Fetches an image and unpacks it, unless it is here, and prints its digest.",
        "How far it is goes to standard error. Without --user, the login that",
        "docker login left in its file is used, if there is one for the registry."
      },
      mixinStandardHelpOptions = true)
  int pull(
      @Parameters(paramLabel = "IMAGE", description = "NAME:TAG, HOST/NAME:TAG, oci:FOLDER, …")
          String image,
      @Option(
              names = "--user",
              paramLabel = "NAME",
              description = "log in; the password is taken from " + TOKEN)
          String user,
      @Option(
              names = "--password-stdin",
              description = "take the password for --user from standard input instead")
          boolean isFromInput,
      @Option(names = "--json", description = "print a JSON object") boolean json) {
    Optional<RegistryCredentials> login;
    try {
      login =
          user == null && !isFromInput
              ? DockerLogins.ofUser(System.getenv()).find("", image)
              : Optional.of(new RegistryCredentials("", user(user), password(isFromInput)));
    } catch (IllegalArgumentException e) {
      System.err.println("direktiv: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    } catch (IOException e) {
      System.err.println("direktiv: logins cannot be read: " + FileTrouble.reason(e));
      return CommandLine.ExitCode.SOFTWARE;
    }
    return run(images -> {
      try (Image found = pull(images, image, login)) {
        System.out.println(
            json
                ? JsonObject.builder()
                    .put("image", image)
                    .put("digest", found.digest().toString())
                    .put("id", found.id().toString())
                    .build()
                : found.digest());
        return CommandLine.ExitCode.OK;
      }
    });
  }

  private static Image pull(Images images, String image, Optional<RegistryCredentials> login)
      throws ImageException, InterruptedException {
    try {
      if (!Terminal.is(Terminal.ERR)) {
        return images.provide(image, login, PullProgress.lines(System.err::println));
      }
      try (ProgressBar bar = new ProgressBar(System.err)) {
        return images.provide(image, login, bar);
      }
    } catch (ImageException e) {
      throw new ImageException(
          e.kind(), "image \"" + image + "\" cannot be had: " + e.getMessage(), e.advice());
    }
  }

  private static String user(String user) {
    if (user == null) {
      throw new IllegalArgumentException("--password-stdin needs --user");
    }
    return user;
  }

  private static String password(boolean isFromInput) throws IOException {
    String found = isFromInput ? line() : System.getenv().getOrDefault(TOKEN, "");
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "--user needs the password "
              + (isFromInput ? "on standard input" : "in the variable " + TOKEN));
    }
    return found;
  }

  private static String line() throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line;
  }

  /// `direktiv images list`.
  @Command(
      name = "list",
      description = "Shows the images that are here, what was used last first.",
      mixinStandardHelpOptions = true)
  int list(@Option(names = "--json", description = "print a JSON array") boolean json) {
    return run(images -> {
      List<Images.Kept> all = images.list();
      if (json) {
        System.out.println(JsonArray.of(all.stream().map(ImagesCommand::json).toList()));
        return CommandLine.ExitCode.OK;
      }
      System.out.printf("%-14s %10s  %-20s %-6s %s%n", "ID", "SIZE", "LAST USED", "IN USE", "NAME");
      for (Images.Kept each : all) {
        System.out.printf(
            Locale.ROOT,
            "%-14s %6.1f MiB  %-20s %-6s %s%n",
            each.id().hex().substring(0, 12),
            each.bytes() / MIB,
            each.lastUsed().truncatedTo(ChronoUnit.SECONDS),
            each.isInUse() ? "yes" : "no",
            String.join(", ", each.references()));
      }
      return CommandLine.ExitCode.OK;
    });
  }

  /// `direktiv images remove`.
  @Command(
      name = "remove",
      description = {
        "Removes images, with the layers that no other one has.",
        "Exit code 1 when one is not here or in use; the others are removed."
      },
      mixinStandardHelpOptions = true)
  int remove(
      @Parameters(
              paramLabel = "IMAGE",
              arity = "1..*",
              description = "a name as list shows it, or the beginning of an id")
          List<String> names) {
    return run(images -> {
      int code = CommandLine.ExitCode.OK;
      for (String name : names) {
        List<Images.Kept> found =
            images.list().stream().filter(kept -> kept.isCalled(name)).toList();
        if (found.size() != 1) {
          System.err.println(
              "direktiv: "
                  + (found.isEmpty() ? "no image is called " : "several images are called ")
                  + name
                  + "; see direktiv images list");
          code = CommandLine.ExitCode.SOFTWARE;
        } else if (images.remove(found.getFirst())) {
          System.out.println("removed " + name);
        } else {
          System.err.println(
              "direktiv: " + name + " is in use; remove it when nothing runs in it any more");
          code = CommandLine.ExitCode.SOFTWARE;
        }
      }
      return code;
    });
  }

  /// `direktiv images prune`.
  @Command(
      name = "prune",
      description = {
        "Removes layers as they came and images, those unused the longest time first,",
        "and prints how much room that made. What is in use stays."
      },
      mixinStandardHelpOptions = true)
  int prune(
      @Option(
              names = "--unused",
              paramLabel = "TIME",
              description = "only images that were not used for so long, such as 7d")
          String unused,
      @Option(
              names = "--to",
              paramLabel = "SIZE",
              defaultValue = "0MiB",
              description = "stop when no more than this is kept, such as 5GiB")
          String most,
      @Option(names = "--json", description = "print a JSON object") boolean json) {
    try {
      Duration time = unused == null ? Duration.ZERO : ImagesSetup.duration(unused);
      long bytes = ImagesSetup.bytes(most);
      return run(images -> {
        long gone = images.prune(bytes, time);
        System.out.println(
            json
                ? JsonObject.builder()
                    .put("removedBytes", gone)
                    .put("bytes", images.bytes())
                    .build()
                : String.format(Locale.ROOT, "removed %.1f MiB", gone / MIB));
        return CommandLine.ExitCode.OK;
      });
    } catch (IllegalArgumentException e) {
      System.err.println("direktiv: write " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
  }

  private static Json json(Images.Kept kept) {
    List<Json> references = kept.references().stream().<Json>map(Json::of).toList();
    return JsonObject.builder()
        .put("id", kept.id().toString())
        .put("references", JsonArray.of(references))
        .put("bytes", kept.bytes())
        .put("lastUsed", kept.lastUsed().toString())
        .put("inUse", kept.isInUse())
        .build();
  }
}
