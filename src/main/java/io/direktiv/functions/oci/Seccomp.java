package io.direktiv.functions.oci;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The filter of system calls, in the form of the OCI runtime specification. A bundle without one
/// has no filter at all, and the engines' own files have another form.
final class Seccomp {
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;

  /// `CLONE_NEWNS`, `NEWCGROUP`, `NEWUTS`, `NEWIPC`, `NEWUSER`, `NEWPID` and `NEWNET` of clone(2).
  private static final long NEW_NAMESPACES = 0x7E020000L;

  /// Address families of sockets that a sandbox may open: Unix, IPv4, IPv6, netlink.
  private static final List<Integer> FAMILIES = List.of(1, 2, 10, 16);

  /// What personality(2) may be asked for: the usual one, its 32-bit and its old layouts, and which
  /// one it is.
  private static final List<Long> PERSONALITIES = List.of(0L, 8L, 0x20000L, 0x20008L, 0xffffffffL);

  private Seccomp() {}

  /// The filter for processors of `architecture`, as the property `os.arch` names them.
  ///
  /// @param refused calls that are refused beside those that always are
  static JsonObject filter(String architecture, Set<String> refused) {
    List<Json> rules = new ArrayList<>();
    rules.add(rule(allowed(refused), "SCMP_ACT_ALLOW").build());
    rules.add(
        rule(List.of("clone"), "SCMP_ACT_ALLOW")
            .put("args", JsonArray.of(argument(0, NEW_NAMESPACES, 0, "SCMP_CMP_MASKED_EQ")))
            .build());
    rules.add(rule(List.of("clone3"), "SCMP_ACT_ERRNO").put("errnoRet", ENOSYS).build());
    for (int family : FAMILIES) {
      rules.add(
          rule(List.of("socket"), "SCMP_ACT_ALLOW")
              .put("args", JsonArray.of(argument(0, family, 0, "SCMP_CMP_EQ")))
              .build());
    }
    for (long personality : PERSONALITIES) {
      rules.add(
          rule(List.of("personality"), "SCMP_ACT_ALLOW")
              .put("args", JsonArray.of(argument(0, personality, 0, "SCMP_CMP_EQ")))
              .build());
    }
    return JsonObject.builder()
        .put("defaultAction", "SCMP_ACT_ERRNO")
        .put("defaultErrnoRet", EPERM)
        .put("architectures", architectures(architecture))
        .put("syscalls", JsonArray.of(rules))
        .build();
  }

  private static JsonObject.Builder rule(List<String> names, String action) {
    return JsonObject.builder()
        .put("names", JsonArray.of(names.stream().map(Json::of).toList()))
        .put("action", action);
  }

  private static JsonObject argument(int index, long value, long second, String operator) {
    return JsonObject.builder()
        .put("index", index)
        .put("value", value)
        .put("valueTwo", second)
        .put("op", operator)
        .build();
  }

  private static JsonArray architectures(String architecture) {
    List<String> names =
        switch (architecture) {
          case "amd64", "x86_64" -> List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86");
          case "aarch64" -> List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
          default -> List.of();
        };
    return JsonArray.of(names.stream().map(Json::of).toList());
  }

  private static List<String> allowed(Set<String> refused) {
    try (InputStream in = Seccomp.class.getResourceAsStream("syscalls.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> Arrays.stream(line.split("\\s+")))
          .filter(name -> !name.isEmpty() && !refused.contains(name))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
