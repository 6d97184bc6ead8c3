package io.direktiv.functions.docker;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// An image made of a static busybox, without any registry or build.
///
/// @param name the reference under which it is loaded
/// @param config the image's configuration
/// @param layer its root file system as an archive
public record TestImage(String name, byte[] config, byte[] layer) {
  private static final List<String> APPLETS =
      List.of(
          "cat",
          "chmod",
          "dd",
          "echo",
          "env",
          "false",
          "grep",
          "head",
          "httpd",
          "id",
          "ip",
          "kill",
          "ln",
          "ls",
          "mkdir",
          "mkfifo",
          "mknod",
          "nc",
          "printf",
          "rm",
          "sed",
          "seq",
          "sh",
          "sleep",
          "tr",
          "true",
          "truncate",
          "wc",
          "wget",
          "yes");

  /// An image whose command is one shell script, or the `cmd` of the function.
  public static TestImage shell(String name, String script) {
    return shell(name, script, "");
  }

  /// The same for a user other than root.
  public static TestImage shell(String name, String script, String user) {
    return of(name, shellSettings(script).put("User", user).build());
  }

  /// The same that says that it listens at port 8080.
  public static TestImage server(String name, String script) {
    JsonObject ports = JsonObject.of("8080/tcp", JsonObject.EMPTY);
    return of(name, shellSettings(script).put("ExposedPorts", ports).build());
  }

  private static JsonObject.Builder shellSettings(String script) {
    return JsonObject.builder()
        .put("Entrypoint", strings("/bin/sh", "-c"))
        .put("Cmd", strings(script))
        .put("Env", strings("PATH=/bin"));
  }

  /// An image without an entry point, whose command does nothing.
  static TestImage plain(String name) {
    return of(name, JsonObject.of("Cmd", strings("/bin/true")));
  }

  private static TestImage of(String name, JsonObject settings) {
    byte[] layer = files();
    JsonObject roots =
        JsonObject.builder()
            .put("type", "layers")
            .put("diff_ids", strings("sha256:" + sha256(layer)))
            .build();
    JsonObject config =
        JsonObject.builder()
            .put("architecture", architecture())
            .put("os", "linux")
            .put("config", settings)
            .put("rootfs", roots)
            .build();
    return new TestImage(name, config.toBytes(), layer);
  }

  /// A busybox that needs no libraries.
  static Optional<Path> busybox() {
    return Stream.of("/bin/busybox", "/usr/bin/busybox")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }

  /// The image in the form that `docker save` writes.
  byte[] archive() {
    JsonObject entry =
        JsonObject.builder()
            .put("Config", sha256(config) + ".json")
            .put("RepoTags", strings(name))
            .put("Layers", strings(sha256(layer) + ".tar"))
            .build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, sha256(config) + ".json", '0', config, "", 0644);
    write(out, sha256(layer) + ".tar", '0', layer, "", 0644);
    write(out, "manifest.json", '0', JsonArray.of(entry).toBytes(), "", 0644);
    out.writeBytes(new byte[1024]);
    return out.toByteArray();
  }

  private static byte[] files() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      for (String folder : List.of("bin/", "etc/")) {
        write(out, folder, '5', new byte[0], "", 0755);
      }
      write(out, "tmp/", '5', new byte[0], "", 01777);
      byte[] users = "root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n".getBytes();
      write(out, "etc/passwd", '0', users, "", 0644);
      write(out, "bin/busybox", '0', Files.readAllBytes(busybox().orElseThrow()), "", 0755);
      APPLETS.forEach(applet -> write(out, "bin/" + applet, '2', new byte[0], "busybox", 0777));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.writeBytes(new byte[1024]);
    return out.toByteArray();
  }

  private static void write(
      ByteArrayOutputStream out, String name, char type, byte[] content, String link, int mode) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, octal(mode, 7));
    put(header, 108, octal(0, 7));
    put(header, 116, octal(0, 7));
    put(header, 124, octal(content.length, 11));
    put(header, 136, octal(0, 11));
    put(header, 148, "        ");
    header[156] = (byte) type;
    put(header, 157, link);
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, octal(sum, 6) + "\0 ");
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[(512 - content.length % 512) % 512]);
  }

  private static String octal(long value, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "o", value);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonArray strings(String... texts) {
    return JsonArray.of(Stream.of(texts).map(Json::of).toList());
  }
}
