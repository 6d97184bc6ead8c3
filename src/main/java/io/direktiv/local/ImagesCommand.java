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
import java.io.IOException;
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
      "  DIREKTIV_FLOW_REGISTRY_TOKEN=… direktiv images pull registry.example/tool --user bot",
      "  direktiv images list --json",
      "  direktiv images remove direktiv/greeting:v3",
      "  direktiv images prune --unused 7d --to 5GiB"
    },
    mixinStandardHelpOptions = true)
public final class ImagesCommand {
  private static final String TOKEN = "DIREKTIV_FLOW_REGISTRY_TOKEN";
  private static final double MIB = 1 << 20;

  /// Something with images that may fail.
  private interface Work {
    int with(Images images) throws ImageException, IOException, InterruptedException;
  }

  private static int run(Work work) {
    try (Images images = ImagesSetup.ofUser(System.getenv())) {
      return work.with(images);
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    } catch (IOException e) {
      System.err.println("direktiv: images cannot be kept here: " + FileTrouble.reason(e));
    } catch (ImageException e) {
      System.err.println(
          "direktiv: the image cannot be had: " + e.getMessage() + "; " + e.advice());
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
        "How far it is goes to standard error."
      },
      mixinStandardHelpOptions = true)
  int pull(
      @Parameters(paramLabel = "IMAGE", description = "NAME:TAG, HOST/NAME:TAG, oci:FOLDER, …")
          String image,
      @Option(
              names = "--user",
              paramLabel = "NAME",
              description = "log in; the password is taken from " + TOKEN)
          String user) {
    String token = System.getenv(TOKEN);
    if (user != null && (token == null || token.isEmpty())) {
      System.err.println("direktiv: --user needs the password in the variable " + TOKEN);
      return CommandLine.ExitCode.USAGE;
    }
    Optional<RegistryCredentials> login =
        Optional.ofNullable(user).map(name -> new RegistryCredentials("", name, token));
    return run(images -> {
      try (Image found = images.provide(image, login, PullProgress.lines(System.err::println))) {
        System.out.println(found.digest());
        return CommandLine.ExitCode.OK;
      }
    });
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
          String most) {
    try {
      Duration time = unused == null ? Duration.ZERO : ImagesSetup.duration(unused);
      long bytes = ImagesSetup.bytes(most);
      return run(images -> {
        long gone = images.prune(bytes, time);
        System.out.printf(Locale.ROOT, "removed %.1f MiB%n", gone / MIB);
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
