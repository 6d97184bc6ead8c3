package io.direktiv.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.constant.ClassDesc;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Which room may import which, read from the compiled classes. A new arrow is a decision: it
/// stands in this table, in ARCHITECTURE.md and in a record under docs/decisions.
final class ArchitectureTest {
  private static final String ROOT = "io.direktiv";

  /// Rooms from the bottom up. A package belongs to the room with the longest name that it begins
  /// with; the packages of one room may know each other. `*` stands for every room.
  private static final Map<String, String> ARROWS = new LinkedHashMap<>();

  static {
    // language: values and text in and out; no clock, no I/O, no threads
    ARROWS.put("json", "");
    ARROWS.put("jq", "json");
    // modules from files; the rest of jq knows no files
    ARROWS.put("jq.modules", "jq");
    ARROWS.put("schema", "json");
    ARROWS.put("model", "jq schema json");
    ARROWS.put("model.event", "model json");
    // decisions
    ARROWS.put("engine", "model jq json");
    ARROWS.put("engine.expression", "engine model jq json");
    ARROWS.put("engine.logic", "engine engine.expression model model.event jq schema json");
    // memory: what survives a crash
    ARROWS.put("store", "engine model json");
    ARROWS.put("store.memory", "store engine model json");
    ARROWS.put("store.sql", "store engine model json");
    // hands: write wakes into the store, perform effects
    ARROWS.put("telemetry", "json");
    ARROWS.put("schedule", "store engine model telemetry");
    ARROWS.put("events", "store model model.event json");
    ARROWS.put("secrets", "store");
    ARROWS.put("functions.archive", "");
    ARROWS.put("functions", "secrets store engine model json functions.archive");
    ARROWS.put("functions.image", "functions functions.archive engine json");
    ARROWS.put("functions.oci.network", "functions engine");
    ARROWS.put("functions.oci.disk", "");
    ARROWS.put("functions.oci.user", "");
    ARROWS.put(
        "functions.oci",
        "functions functions.oci.disk functions.oci.network functions.oci.user engine json");
    ARROWS.put("functions.docker", "functions functions.archive engine json");
    ARROWS.put("execution.work", "schedule jq");
    ARROWS.put("execution.cache", "store model json");
    ARROWS.put(
        "execution",
        "execution.work execution.cache engine engine.expression engine.logic store schedule events secrets"
            + " functions model model.event jq json telemetry");
    // doors
    ARROWS.put("protocol", "json");
    ARROWS.put("api", "execution engine store secrets functions model json telemetry");
    ARROWS.put("api.grpc", "api protocol execution engine store model json telemetry");
    ARROWS.put("api.http", "api execution engine store model json telemetry");
    ARROWS.put("client", "");
    ARROWS.put("cli", "client json");
    // house
    ARROWS.put("server", "*");
    ARROWS.put(
        "local",
        "server api execution engine engine.expression store store.sql secrets model jq jq.modules functions functions.image json");
    // Main wires functions into `run`, whose maker takes a store and a vault; what it says of wrong
    // words on the command line names the nearest right one as `model` does
    ARROWS.put("", "server local cli functions secrets store model");
  }

  /// Other people's code, and parts of the JDK that only one room should know.
  private static final Map<String, String> FOREIGN = new LinkedHashMap<>();

  static {
    FOREIGN.put("java.sql", "store.sql");
    FOREIGN.put("org.sqlite", "store.sql");
    FOREIGN.put("javax.crypto", "secrets");
    FOREIGN.put("javax.net.ssl", "functions.image");
    FOREIGN.put("org.joni", "jq schema");
    FOREIGN.put("org.jcodings", "jq schema");
    FOREIGN.put("dev.harrel", "schema");
    FOREIGN.put("org.snakeyaml", "model server");
    FOREIGN.put("com.cronutils", "model");
    FOREIGN.put("io.airlift.compress", "functions.image");
    FOREIGN.put("io.grpc", "api.grpc protocol");
    FOREIGN.put("com.google", "api.grpc protocol");
    FOREIGN.put("org.eclipse.jetty", "api.http");
    FOREIGN.put("picocli", "cli local server ");
    FOREIGN.put(
        "org.slf4j",
        "schedule execution execution.work functions functions.docker functions.oci api.grpc api.http server"
            + " telemetry");
    FOREIGN.put("ch.qos.logback", "telemetry");
  }

  /// What decides nothing may not be known by what decides: the world.
  private static final Pattern WORLD =
      Pattern.compile(
          "java/(nio/file/.*|net/http/.*|net/Socket|util/concurrent/Executor.*"
              + "|util/Random|security/SecureRandom|util/concurrent/ThreadLocalRandom)");

  /// Asking whether one is interrupted is fine; beginning, or waiting, is not.
  private static final Pattern THREADS = Pattern.compile("java/lang/Thread\\.(start.*|of.*|sleep)");

  private static final Pattern CLOCK =
      Pattern.compile(
          "java/time/(Instant|Clock|LocalDate|LocalDateTime|ZonedDateTime)\\.(now|system.*)"
              + "|java/lang/System\\.(currentTimeMillis|nanoTime)"
              + "|java/util/UUID\\.randomUUID|java/lang/Math\\.random");

  private static final List<ClassModel> CLASSES = new ArrayList<>();

  @BeforeAll
  static void read() throws IOException, URISyntaxException {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes.resolve(ROOT.replace('.', '/')))) {
      files
          .filter(file -> file.toString().endsWith(".class"))
          .sorted()
          .map(ArchitectureTest::parse)
          .forEach(CLASSES::add);
    }
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(ClassModel model) {
    return model.thisClass().asInternalName();
  }

  private static String packageOf(String internalName) {
    int end = internalName.lastIndexOf('/');
    return end < 0 ? "" : internalName.substring(0, end).replace('/', '.');
  }

  /// The room of a package of ours.
  private static String room(String name) {
    String rest = name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    return ARROWS.keySet().stream()
        .filter(room -> rest.equals(room) || (!room.isEmpty() && rest.startsWith(room + ".")))
        .max(Comparator.comparingInt(String::length))
        .orElseThrow(() -> new AssertionError("the package " + name + " belongs to no room"));
  }

  private static boolean isOurs(String name) {
    return name.equals(ROOT) || name.startsWith(ROOT + ".");
  }

  private static final Pattern DESCRIBED = Pattern.compile("L([a-zA-Z_$][\\w$]*(?:/[\\w$]+)+)[;<]");

  /// The classes that a class names, in code and in signatures.
  private static Set<String> named(ClassModel model) {
    Set<String> names = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry named -> {
          ClassDesc desc = named.asSymbol();
          while (desc.isArray()) {
            desc = desc.componentType();
          }
          if (desc.isClassOrInterface()) {
            String text = desc.descriptorString();
            names.add(text.substring(1, text.length() - 1));
          }
        }
        case Utf8Entry text -> {
          Matcher described = DESCRIBED.matcher(text.stringValue());
          while (described.find()) {
            names.add(described.group(1));
          }
        }
        default -> {
          // Names no class.
        }
      }
    }
    return names;
  }

  /// The methods that a class calls, as `owner.name`.
  private static Set<String> called(ClassModel model) {
    Set<String> called = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof MemberRefEntry member) {
        called.add(member.owner().asInternalName() + "." + member.name().stringValue());
      }
    }
    return called;
  }

  @Test
  void roomsImportOnlyWhatTheirArrowsAllow() {
    Set<String> wrong = new LinkedHashSet<>();
    for (ClassModel model : CLASSES) {
      String from = room(packageOf(name(model)));
      for (String target : named(model)) {
        String owner = packageOf(target);
        if (isOurs(owner) && !mayKnow(from, room(owner))) {
          wrong.add(name(model) + " (" + from + ") knows " + target + " (" + room(owner) + ")");
        }
      }
    }
    assertThat(wrong).as("arrows that are not in the table").isEmpty();
  }

  private static boolean mayKnow(String from, String to) {
    String arrows = ARROWS.get(from);
    return from.equals(to) || arrows.equals("*") || List.of(arrows.split(" ")).contains(to);
  }

  @Test
  void arrowsPointDown() {
    List<String> order = List.copyOf(ARROWS.keySet());
    ARROWS.forEach((from, arrows) -> {
      if (!arrows.equals("*") && !arrows.isEmpty()) {
        for (String to : arrows.split(" ")) {
          assertThat(order.indexOf(to))
              .as("%s → %s must point to a room above it in the table", from, to)
              .isBetween(0, order.indexOf(from) - 1);
        }
      }
    });
  }

  @Test
  void onlyTheServerIsAllowedEverything() {
    assertThat(ARROWS.entrySet().stream().filter(entry -> entry.getValue().equals("*")))
        .extracting(Map.Entry::getKey)
        .containsExactly("server");
    for (ClassModel model : CLASSES) {
      if (room(packageOf(name(model))).equals("server")) {
        assertThat(named(model)).noneMatch(target -> target.startsWith("io/direktiv/local/"));
      }
    }
  }

  @Test
  void foreignCodeStaysInItsRoom() {
    Map<String, Set<String>> wrong = new TreeMap<>();
    for (ClassModel model : CLASSES) {
      String room = room(packageOf(name(model)));
      for (String target : named(model)) {
        String owner = packageOf(target);
        FOREIGN.entrySet().stream()
            .filter(entry -> owner.equals(entry.getKey()) || owner.startsWith(entry.getKey() + "."))
            .filter(entry -> !List.of(entry.getValue().split(" ", -1)).contains(room))
            .forEach(entry -> wrong.computeIfAbsent(name(model), _ -> new TreeSet<>()).add(owner));
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyLibraryHasItsPlaceInTheTable() {
    Set<String> unknown = new TreeSet<>();
    for (ClassModel model : CLASSES) {
      for (String target : named(model)) {
        String owner = packageOf(target);
        boolean isKnown =
            isOurs(owner)
                || owner.startsWith("java.")
                || FOREIGN.keySet().stream().anyMatch(key -> (owner + ".").startsWith(key + "."));
        if (!isKnown) {
          unknown.add(owner + " in " + name(model));
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void whatDecidesDoesNotKnowTheWorld() {
    Set<String> wrong = new TreeSet<>();
    for (ClassModel model : CLASSES) {
      String room = room(packageOf(name(model)));
      boolean isEngine = room.equals("engine") || room.startsWith("engine.");
      if (isEngine || List.of("json", "jq", "schema", "model").contains(room)) {
        named(model).stream()
            .filter(target -> WORLD.matcher(target).matches())
            .forEach(target -> wrong.add(name(model) + " knows " + target));
        called(model).stream()
            .filter(called -> THREADS.matcher(called).matches())
            .forEach(called -> wrong.add(name(model) + " calls " + called));
      }
      if (isEngine) {
        called(model).stream()
            .filter(called -> CLOCK.matcher(called).matches())
            .forEach(called -> wrong.add(name(model) + " calls " + called));
      }
    }
    assertThat(wrong).isEmpty();
  }
}
