package io.direktiv.server;

import io.direktiv.api.Address;
import io.direktiv.api.AuthMode;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.server.FunctionsSetup.Isolation;
import io.direktiv.server.Setting.Kind;
import io.direktiv.telemetry.Logs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Every setting of the server. Help, environment variables, keys of the file and the table in
/// `docs/operations/settings.md` come from here.
final class Catalog {
  static final Setting<Optional<Path>> CONFIG =
      new Setting<>(
          "config",
          "FILE",
          "",
          "a YAML file with any of these settings by key",
          Kind.NO_FILE,
          Readers::optionalPath);
  static final Setting<Path> DATA =
      open("data", "FOLDER", "direktiv-data", "where everything is kept", Readers::path);
  static final Setting<Address> API_BIND =
      open(
          "api-bind",
          "HOST:PORT",
          "127.0.0.1:8080",
          "where the UI and the HTTP API listen; port 0 takes any free one",
          Readers::address);
  static final Setting<Address> INGRESS_BIND =
      open(
          "ingress-bind",
          "HOST:PORT",
          "127.0.0.1:6666",
          "where gRPC listens; port 0 takes any free one",
          Readers::address);
  static final Setting<AuthMode> AUTH =
      open(
          "auth",
          "off|tokens",
          "off",
          "tokens: every call needs an API token, see direktiv token",
          Readers.word(AuthMode.class));
  static final Setting<Boolean> INSECURE =
      open(
          "insecure",
          "BOOLEAN",
          "false",
          "allows an address that other machines reach while auth is off",
          Readers::flag);
  static final Setting<Optional<String>> MASTER_KEY =
      new Setting<>(
          "master-key",
          "BASE64",
          "",
          "the key that protects secrets: 32 random bytes in base64",
          Kind.SECRET,
          Readers::optionalText);
  static final Setting<Optional<Path>> MASTER_KEY_FILE =
      open(
          "master-key-file",
          "FILE",
          "",
          "a file outside the data folder with that key, readable by its owner alone; made when it"
              + " is absent; ~/.config/direktiv/master.key when not set",
          Readers::optionalPath);
  static final Setting<Duration> RETENTION =
      open(
          "retention",
          "TIME",
          "7d",
          "how long ended instances, delivered events and idempotency keys are kept",
          Readers::duration);
  static final Setting<Long> RETENTION_BYTES =
      open(
          "retention-bytes",
          "SIZE",
          "10GiB",
          "when the database holds more than this, the oldest of them go earlier",
          Readers.bytes(1 << 20));
  static final Setting<Long> DISK_RESERVE_BYTES =
      open(
          "disk-reserve-bytes",
          "SIZE",
          "256MiB",
          "when the disk has less free space than this, new work is refused; what runs goes on",
          Readers.bytes(0));
  static final Setting<Boolean> HISTORY =
      open(
          "history",
          "BOOLEAN",
          "true",
          "keeps the data that each state left; false keeps times and outcomes only",
          Readers::flag);
  static final Setting<Long> HISTORY_BYTES =
      open(
          "history-bytes",
          "SIZE",
          "64KiB",
          "the largest data that the history keeps of one state",
          Readers.bytes(1));
  static final Setting<Optional<Duration>> TIMEOUT_INTERRUPT =
      open(
          "timeout-interrupt",
          "TIME|off",
          "off",
          "interrupts instances whose workflow says nothing about it after this time",
          Readers::durationOrOff);
  static final Setting<Optional<Duration>> TIMEOUT_KILL =
      open(
          "timeout-kill",
          "TIME|off",
          "off",
          "ends instances whose workflow says nothing about it after this time",
          Readers::durationOrOff);
  static final Setting<Long> STATE_BYTES =
      open("state-bytes", "SIZE", "16MiB", "the largest state data", Readers.bytes(1 << 10));
  static final Setting<Duration> JQ_TIME =
      open("jq-time", "TIME", "10s", "how long one jq query may take", Readers::duration);
  static final Setting<Long> JQ_BYTES =
      open(
          "jq-bytes",
          "SIZE",
          "256MiB",
          "how much memory one jq query may take",
          Readers.bytes(1 << 20));
  static final Setting<Integer> STATES =
      open(
          "states",
          "COUNT",
          "1000000",
          "how many states one instance may enter in its life; an endless loop ends there",
          Readers.number(1, Integer.MAX_VALUE));
  static final Setting<Integer> SUBFLOW_DEPTH =
      open(
          "subflow-depth",
          "COUNT",
          "32",
          "how deep subflows may start subflows",
          Readers.number(1, 1_000));
  static final Setting<Integer> LIVING_SUBFLOWS =
      open(
          "living-subflows",
          "COUNT",
          "10000",
          "how many subflows below one started instance, theirs included, may live at one time",
          Readers.number(1, Integer.MAX_VALUE));
  static final Setting<Integer> WAITING_EVENTS =
      open(
          "waiting-events",
          "COUNT",
          "100000",
          "how many events of one namespace may wait to be delivered; more are refused",
          Readers.number(1, Integer.MAX_VALUE));
  static final Setting<Integer> CONCURRENCY =
      open(
          "concurrency",
          "COUNT",
          "64",
          "how many actions of one foreach or parallel state run at once; the others wait",
          Readers.number(1, 10_000));
  static final Setting<Isolation> ISOLATION =
      open(
          "isolation",
          "auto|container|docker|oci|none|…",
          "auto",
          "what runs functions: runc or crun without an engine (oci), containers of a Docker or"
              + " Podman engine (docker), the first of these that works (auto, container), or"
              + " nothing; microvm, firecracker and vorteil are known, but actions fail with them"
              + " until there are microVMs",
          Readers.word(Isolation.class));
  static final Setting<Optional<String>> CONTAINER_HOST =
      open(
          "container-host",
          "ADDRESS",
          "",
          "where the engine listens, unix:///PATH or tcp://HOST:PORT; when not set, DOCKER_HOST and"
              + " then the usual sockets",
          Readers::engine);
  static final Setting<Integer> FUNCTIONS_MAX =
      open(
          "functions-max",
          "COUNT",
          "32",
          "how many functions run at once; the others wait, namespaces take turns",
          Readers.number(1, 10_000));
  static final Setting<Integer> FUNCTIONS_PREPARED =
      open(
          "functions-prepared",
          "COUNT",
          "8",
          "how many sandboxes are made ahead of calls, with isolation oci; each waits for a call"
              + " like those that came lately and takes some 10 MiB; 0 for none",
          Readers.number(0, 1_000));
  static final Setting<Duration> FUNCTIONS_IDLE =
      open(
          "functions-idle",
          "TIME",
          "2m",
          "a sandbox that nobody called for so long is removed",
          Readers::duration);
  static final Setting<Integer> FUNCTIONS_SERVERS =
      open(
          "functions-servers",
          "COUNT",
          "16",
          "how many sandboxes of functions that listen wait for further calls; with 0 each call"
              + " has one of its own",
          Readers.number(0, 10_000));
  static final Setting<Integer> FUNCTIONS_SERVER_CALLS =
      open(
          "functions-server-calls",
          "COUNT",
          "10",
          "how many calls a function that listens gets at a time before another sandbox is made"
              + " for it",
          Readers.number(1, 1_000));
  static final Setting<Duration> FUNCTIONS_TIME =
      open(
          "functions-time",
          "TIME",
          "24h",
          "a function that runs longer than this is stopped",
          Readers::duration);
  static final Setting<SandboxLimits.Network> FUNCTIONS_NETWORK =
      open(
          "functions-network",
          "egress|none",
          "egress",
          "what functions reach: what the engine lets out, or nothing",
          Readers.word(SandboxLimits.Network.class));
  static final Setting<Long> FUNCTIONS_SMALL_BYTES =
      open(
          "functions-small-bytes",
          "SIZE",
          "256MiB",
          "memory of a function of size small",
          Readers.bytes(8 << 20));
  static final Setting<Long> FUNCTIONS_MEDIUM_BYTES =
      open(
          "functions-medium-bytes",
          "SIZE",
          "512MiB",
          "memory of a function of size medium",
          Readers.bytes(8 << 20));
  static final Setting<Long> FUNCTIONS_LARGE_BYTES =
      open(
          "functions-large-bytes",
          "SIZE",
          "1GiB",
          "memory of a function of size large",
          Readers.bytes(8 << 20));
  static final Setting<Long> FUNCTIONS_DISK_BYTES =
      open(
          "functions-disk-bytes",
          "SIZE",
          "1GiB",
          "what a sandbox may write to its disk, without an engine and as root; 0 for no limit",
          Readers.noneOr(Readers.bytes(16 << 20)));
  static final Setting<Optional<Path>> IMAGES_FOLDER =
      open(
          "images-folder",
          "FOLDER",
          "",
          "where oci keeps images; when not set, /var/cache/direktiv/images for root, else"
              + " direktiv/images in $XDG_CACHE_HOME or ~/.cache",
          Readers::optionalPath);
  static final Setting<Long> IMAGES_BYTES =
      open(
          "images-bytes",
          "SIZE",
          "20GiB",
          "when oci keeps more images than this, those unused the longest time go",
          Readers.bytes(1 << 20));
  static final Setting<List<String>> PLAIN_REGISTRIES =
      open(
          "plain-registries",
          "HOST,…",
          "",
          "registries that oci asks over HTTP without TLS, HOST or HOST:PORT each",
          Readers::words);
  static final Setting<List<Path>> IMAGE_FOLDERS =
      open(
          "image-folders",
          "FOLDER,…",
          "",
          "folders below which oci takes local images (oci:, oci-archive:, docker-archive:, paths);"
              + " when not set, nowhere",
          Readers::folders);
  static final Setting<Optional<String>> FLOW_REGISTRY =
      open(
          "flow-registry",
          "HOST",
          "",
          "a registry whose login every namespace may use that has none of its own for it",
          Readers::optionalText);
  static final Setting<Optional<String>> FLOW_REGISTRY_USER =
      open("flow-registry-user", "NAME", "", "the user of that login", Readers::optionalText);
  static final Setting<Optional<String>> FLOW_REGISTRY_TOKEN =
      new Setting<>(
          "flow-registry-token",
          "TEXT",
          "",
          "the password or token of that login",
          Kind.SECRET,
          Readers::optionalText);
  static final Setting<Logs.Format> LOG_FORMAT =
      open(
          "log-format",
          "text|json",
          "text",
          "how logs on stderr are written: lines for people, or JSON lines",
          Readers.word(Logs.Format.class));
  static final Setting<Logs.Level> LOG_LEVEL =
      open(
          "log-level",
          "error|warn|info|debug",
          "info",
          "which logs are written: those of this level and above",
          Readers.word(Logs.Level.class));

  static final List<Setting<?>> ALL =
      List.of(
          CONFIG,
          DATA,
          API_BIND,
          INGRESS_BIND,
          AUTH,
          INSECURE,
          MASTER_KEY,
          MASTER_KEY_FILE,
          RETENTION,
          RETENTION_BYTES,
          DISK_RESERVE_BYTES,
          HISTORY,
          HISTORY_BYTES,
          TIMEOUT_INTERRUPT,
          TIMEOUT_KILL,
          STATE_BYTES,
          JQ_TIME,
          JQ_BYTES,
          STATES,
          SUBFLOW_DEPTH,
          LIVING_SUBFLOWS,
          WAITING_EVENTS,
          CONCURRENCY,
          ISOLATION,
          CONTAINER_HOST,
          FUNCTIONS_MAX,
          FUNCTIONS_PREPARED,
          FUNCTIONS_IDLE,
          FUNCTIONS_SERVERS,
          FUNCTIONS_SERVER_CALLS,
          FUNCTIONS_TIME,
          FUNCTIONS_NETWORK,
          FUNCTIONS_SMALL_BYTES,
          FUNCTIONS_MEDIUM_BYTES,
          FUNCTIONS_LARGE_BYTES,
          FUNCTIONS_DISK_BYTES,
          IMAGES_FOLDER,
          IMAGES_BYTES,
          PLAIN_REGISTRIES,
          IMAGE_FOLDERS,
          FLOW_REGISTRY,
          FLOW_REGISTRY_USER,
          FLOW_REGISTRY_TOKEN,
          LOG_FORMAT,
          LOG_LEVEL);

  private Catalog() {}

  private static <T> Setting<T> open(
      String key, String label, String standard, String meaning, Setting.Reader<T> reader) {
    return new Setting<>(key, label, standard, meaning, Kind.OPEN, reader);
  }
}
