package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.SandboxLimits.Network;
import io.direktiv.functions.oci.SystemCallProgram.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Attempts to get out of a sandbox, from inside a real one, each with the refusal that it meets.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@ParameterizedClass
@MethodSource("tools")
record EscapeTest(String tool) {
  private static final SandboxLimits LIMITS = OciFixture.limits(Network.NONE);
  private static OciFixture fixture;

  static Stream<String> tools() {
    return OciFixture.tools();
  }

  @BeforeParameterizedClassInvocation
  static void start(String tool) throws IOException {
    fixture = OciFixture.with(tool);
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private static String said(String script) throws SandboxException {
    return fixture.said(script, LIMITS);
  }

  @Test
  void rootIsNobodyOnThisMachineAndHasNoCapabilities() throws Exception {
    assertThat(said("id -u; cat /proc/self/uid_map; grep -E 'Cap|NoNew|Sec' /proc/self/status"))
        .startsWith("0\n")
        .containsPattern(OciRuntime.isRoot() ? "0 +" + OciRuntime.OWNER + " +65536" : "0 +0 +1\n")
        .contains("CapInh:\t0000000000000000")
        .contains("CapPrm:\t0000000000000000")
        .contains("CapEff:\t0000000000000000")
        .contains("CapBnd:\t0000000000000000")
        .contains("CapAmb:\t0000000000000000")
        .contains("NoNewPrivs:\t1")
        .contains("Seccomp:\t2");
  }

  @Test
  void mountingIsRefused() throws Exception {
    // when
    String said =
        said(
            "before=$(cat /proc/self/mounts); mount -t tmpfs none /tmp; mount -o bind / /tmp;"
                + " mount -t proc proc /tmp; mount -o remount,rw /sys; umount /proc/sys;"
                + " umount -l /direktiv-data;"
                + " [ \"$before\" = \"$(cat /proc/self/mounts)\" ] && echo unchanged");

    // then
    assertThat(said).contains("mount: permission denied").endsWith("unchanged\n");
  }

  @Test
  void namespacesOfItsOwnAreRefused() throws Exception {
    assertThat(said("unshare -r true; unshare -m true; nsenter -t 1 -m true"))
        .contains("unshare")
        .contains("Operation not permitted")
        .doesNotContain("applet not found");
  }

  @Test
  void theProcessesOfThisMachineCannotBeSeenOrSignalled() throws Exception {
    // given one, whose command line tells who it is
    Process seen = new ProcessBuilder("sleep", "987654").start();
    try {
      // when
      String said =
          said(
              "cd /proc; for p in [0-9]*; do echo \"exe $(readlink $p/exe)\"; done; grep -l '98[7]654'"
                  + " [0-9]*/cmdline; kill -9 %d; ls /proc/%1$d/root".formatted(seen.pid()));

      // then
      assertThat(said.lines().filter(line -> line.startsWith("exe ")).distinct())
          .isSubsetOf("exe /bin/busybox", "exe ");
      assertThat(said.replace("exe /bin/busybox\n", "").replace("exe \n", ""))
          .contains("No such process")
          .contains("No such file or directory")
          .hasLineCount(2);
      assertThat(seen.isAlive()).isTrue();
    } finally {
      seen.destroyForcibly();
    }
  }

  @Test
  void noFileOfThisMachineIsOpenInASandbox() throws Exception {
    // given the files of the first process and of one that it starts, which lists its own
    String said = said("ls -l /proc/1/fd; ls -l /proc/self/fd");

    // then the pipes of its output, the file that `said` takes, and the listing itself
    assertThat(said.lines().filter(line -> line.contains("->")))
        .isNotEmpty()
        .allMatch(line ->
            line.matches(
                ".* (0|10|11) -> .*/(stdin|stderr|stdout)|.* [12] -> /direktiv-data/data.out"
                    + "|.* 3 -> /proc/\\d+/fd"));
  }

  @Test
  void aWorkingFolderAmongTheOpenFilesOfTheToolLeadsNowhere() throws Exception {
    // given a file of this machine (CVE-2024-21626)
    Path secret = Files.writeString(fixture.folder().resolve("secret"), "of this machine");
    String script = "cat ../../../../../../../.." + secret + " > /direktiv-data/data.out";

    // when
    for (int file = 3; file < 10; file++) {
      String said;
      try {
        said =
            fixture.said(OciFixture.sandbox("direktiv/at:/proc/self/fd/" + file, script, LIMITS));
      } catch (SandboxException e) {
        said = e.getMessage();
      }

      // then
      assertThat(said).doesNotContain("of this machine");
    }
  }

  @Test
  void theProgramThatMakesSandboxesCannotBeOverwritten() throws Exception {
    // given (CVE-2019-5736)
    Path program =
        Stream.of("/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/")
            .map(folder -> Path.of(folder + tool))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow();
    String before = digest(program);

    // when a sandbox runs the program that made it as its own, and another looks for it
    try {
      fixture.said(OciFixture.sandbox("direktiv/entry:/proc/self/exe", "--version", LIMITS));
    } catch (SandboxException e) {
      assertThat(e).hasMessageContaining("cannot be run");
    }
    String said =
        said(
            "for i in $(seq 20); do for p in /proc/[0-9]*/exe; do"
                + " readlink $p; true 2> /dev/null >> $p && echo written; done; done | sort -u");

    // then
    assertThat(said).isEqualTo("/bin/busybox\n");
    assertThat(digest(program)).isEqualTo(before);
  }

  @Test
  void systemSettingsCannotBeWritten() throws Exception {
    // given
    String before = Files.readString(Path.of("/proc/sys/kernel/core_pattern"));

    // when
    String said =
        said(
            "{ for f in /proc/1/oom_score_adj /proc/self/uid_map /proc/self/setgroups"
                + " /proc/sysrq-trigger /proc/sys/kernel/core_pattern; do"
                + " echo -1000 > $f && echo \"wrote $f\" >&3; done;"
                + " busybox find /proc/sys /sys /proc/irq /proc/bus /proc/fs ! -type d |"
                + " while read -r f; do true >> \"$f\" && echo \"opened $f\" >&3; done; }"
                + " 3>&1 2> /dev/null | head -20; echo end");

    // then
    assertThat(said).isEqualTo("end\n");
    assertThat(Path.of("/proc/sys/kernel/core_pattern")).content().isEqualTo(before);
  }

  @Test
  void controlGroupsCannotBeReached() throws Exception {
    // when
    String said =
        said(
            "busybox find / -xdev -name 'release_agent' -o -name 'cgroup.procs';"
                + " busybox find /sys/fs /proc -name release_agent 2> /dev/null;"
                + " grep cgroup /proc/self/mounts; sed 's/.*:.*://' /proc/self/cgroup;"
                + " mkdir /sys/fs/cgroup/mine");

    // then
    assertThat(said).matches("(/\n)+mkdir: can't create directory '/sys/fs/cgroup/mine': .*\n");
  }

  @Test
  void whatTellsOfTheKernelIsHidden() throws Exception {
    assertThat(
            said(
                "for f in kcore keys latency_stats timer_list sched_debug interrupts; do"
                    + " [ ! -e /proc/$f ] || head -c 1 /proc/$f | wc -c; done;"
                    + " for f in /proc/acpi /proc/scsi /sys/firmware; do ls $f; done 2> /dev/null"))
        .matches("(0\n)+");
  }

  @Test
  void devicesCannotBeMadeAndOnlyHarmlessOnesAreThere() throws Exception {
    assertThat(said("mknod /tmp/disk b 254 0; mknod /dev/mem c 1 1; ls /dev").lines())
        .filteredOn(line -> !line.endsWith("Operation not permitted") && !line.equals("core"))
        .containsExactlyInAnyOrder(
            "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin",
            "stdout", "tty", "urandom", "zero");
  }

  @Test
  void theImageIsNotWrittenTo() throws Exception {
    // given
    Path image = fixture.folder().resolve("image");
    Map<String, String> before = picture(image);

    // when
    String said =
        said(
            "cd /bin; echo evil >> busybox; chmod 777 busybox; chown 5 cat; rm ls; mv id other;"
                + " ln busybox hard; ln -sf /tmp su; echo evil > new; truncate -s 0 busybox;"
                + " mkdir /tmp/mine; chmod 700 /; echo done");

    // then
    assertThat(said).endsWith("done\n");
    assertThat(picture(image)).isEqualTo(before);
    assertThat(said("ls /bin/ls && [ ! -e /bin/new ] && id -u")).isEqualTo("/bin/ls\n0\n");
  }

  /// Each path below `folder` with its kind, mode, owner and content.
  private static Map<String, String> picture(Path folder) throws Exception {
    Map<String, String> picture = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.toList()) {
        String attributes =
            Files.readAttributes(each, "unix:mode,uid,gid,size,ino", LinkOption.NOFOLLOW_LINKS)
                .toString();
        boolean isFile = Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS);
        picture.put(each.toString(), attributes + (isFile ? digest(each) : ""));
      }
    }
    return picture;
  }

  private static String digest(Path file) throws Exception {
    byte[] bytes = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void aSetUidProgramOfTheImageGivesNothing() throws Exception {
    SystemCallProgram.requireProcessor();
    OciFixture.require(
        OciRuntime.isRoot() || tool.equals("crun"), "runc without root has no users but root");
    // given a program of the sandbox's root with set-user-ID that tells its user: getuid, geteuid
    SystemCallProgram program = new SystemCallProgram();
    program.call(Way.NATIVE, 102);
    program.call(Way.NATIVE, 107);
    Path file = fixture.addToImage("bin/me", program.toBytes());
    Files.setAttribute(file, "unix:mode", 04755);
    assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0104755);

    // when the image's user runs it, and a copy that the user made itself
    Sandbox sandbox =
        OciFixture.sandbox(
            "direktiv/user:v1",
            "cat /bin/me > /tmp/me; chmod 4755 /tmp/me;"
                + " { me; /tmp/me; } > /direktiv-data/data.out",
            LIMITS);
    SandboxEnd end = fixture.runtime().run(sandbox, _ -> {});

    // then
    byte[] written = ((SandboxFile.Content) end.files().get("data.out")).bytes();
    assertThat(SystemCallProgram.results(written)).containsExactly(1000, 1000, 1000, 1000);
  }

  @Test
  void whatASandboxHasOnThisMachineIsNoOtherUsersBusiness() throws Exception {
    OciFixture.require(OciRuntime.isRoot(), "only root can be another user");
    OciFixture.require(OciFixture.isHere("setpriv"), "setpriv is not installed");
    // given a sandbox with files that all may read, and a set-user-ID program that all may run
    Sandbox sandbox =
        OciFixture.sandbox(
            "cd /tmp; cat /bin/busybox > b; chmod 6755 b; echo mine > s;"
                + " cat s > /direktiv-data/s; echo ready; exec sleep 60",
            LIMITS);
    try (OciFixture.Running running = fixture.running(sandbox)) {
      assertThat(running.firstLine()).isEqualTo("ready");
      Path bundle = fixture.folder().resolve("run/sandboxes/" + sandbox.id());
      Path disk = fixture.folder().resolve("disks/" + sandbox.id());
      assertThat(bundle.resolve("root/tmp/s")).hasContent("mine\n");
      assertThat(disk.resolve("data/s")).hasContent("mine\n");

      // when another user of this machine looks for them
      String said =
          asNobody(
              "cat %1$s/tmp/s %2$s/config.json %3$s/data/s %3$s/upper/tmp/s; %1$s/tmp/b"
                  .formatted(bundle.resolve("root"), bundle, disk));

      // then
      assertThat(said.lines()).hasSize(5).allMatch(line -> line.endsWith("Permission denied"));
    }
  }

  private static String asNobody(String script) throws Exception {
    Process process =
        new ProcessBuilder(
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", script)
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void rawSocketsAreRefused() throws Exception {
    assertThat(said("ping -c 1 127.0.0.1")).contains("permission denied");
  }

  @Test
  void thisMachinesLoopbackIsNotTheSandboxs() throws Exception {
    try (java.net.ServerSocket four =
            new java.net.ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"));
        java.net.ServerSocket six =
            new java.net.ServerSocket(0, 1, java.net.InetAddress.getByName("::1"))) {
      String said =
          said(
              "nc -w 2 127.0.0.1 %d < /dev/null; nc -w 2 ::1 %d < /dev/null"
                  .formatted(four.getLocalPort(), six.getLocalPort()));
      assertThat(said.lines())
          .hasSize(2)
          .allMatch(line -> line.matches(".*(Connection refused|Network is unreachable|assign.*)"));
    }
  }

  @Test
  void nothingIsLeftOfManySandboxes() throws Exception {
    // when
    for (int i = 0; i < 5; i++) {
      said("echo " + i + " > /tmp/x");
    }

    // then
    fixture.awaitNothingLeft();
    assertThat(Path.of("/proc/mounts")).content().doesNotContain(fixture.folder().toString());
  }
}
