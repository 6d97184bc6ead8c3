package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.Exit;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.SandboxLimits.Network;
import io.direktiv.functions.data.GivenFile;
import io.direktiv.functions.oci.SystemCallProgram.Way;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// The system calls that a sandbox is refused, made by a program in a real one.
///
/// Their numbers are those of the kernel's tables `syscall_64.tbl` and `syscall_32.tbl`.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@ParameterizedClass
@MethodSource("tools")
record SystemCallsTest(String tool) {
  private static final int EPERM = -1;
  private static final int ENXIO = -6;
  private static final int EACCES = -13;
  private static final int ENOTTY = -25;
  private static final int ENOSYS = -38;
  private static final int SIGSEGV = 11;
  private static final int SIGSYS = 31;
  private static final int SIGCHLD = 17;

  /// Where x86-64's second set of numbers begins.
  private static final int X32 = 0x40000000;

  /// Each call, its number on x86-64 and its number for 32-bit programs, `-` for none.
  private static final String REFUSED =
      """
      ptrace 101 26
      process_vm_readv 310 347
      process_vm_writev 311 348
      pidfd_getfd 438 438
      kcmp 312 349
      mount 165 21
      umount2 166 52
      pivot_root 155 217
      chroot 161 61
      open_tree 428 428
      move_mount 429 429
      fsopen 430 430
      fsconfig 431 431
      fsmount 432 432
      fspick 433 433
      mount_setattr 442 442
      open_tree_attr 467 467
      unshare 272 310
      setns 308 346
      keyctl 250 288
      add_key 248 286
      request_key 249 287
      bpf 321 357
      io_uring_setup 425 425
      io_uring_enter 426 426
      io_uring_register 427 427
      perf_event_open 298 336
      userfaultfd 323 374
      name_to_handle_at 303 341
      open_by_handle_at 304 342
      kexec_load 246 283
      kexec_file_load 320 -
      init_module 175 128
      finit_module 313 350
      delete_module 176 129
      fanotify_init 300 338
      syslog 103 103
      iopl 172 110
      ioperm 173 101
      reboot 169 88
      swapon 167 87
      swapoff 168 115
      acct 163 51
      quotactl 179 131
      sethostname 170 74
      setdomainname 171 121
      settimeofday 164 79
      clock_settime 227 264
      clock_adjtime 305 343
      mbind 237 274
      set_mempolicy 238 276
      migrate_pages 256 294
      move_pages 279 317
      process_madvise 440 440
      vhangup 153 111
      uselib 134 86
      _sysctl 156 149
      vm86 - 166
      socketcall - 102
      unknown 1000 1000
      """;

  private static OciFixture fixture;

  static Stream<String> tools() {
    return OciFixture.tools();
  }

  @BeforeAll
  static void check() {
    SystemCallProgram.requireProcessor();
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

  private static SandboxEnd run(SystemCallProgram program) throws Exception {
    return fixture
        .runtime()
        .run(
            new Sandbox(
                "direktiv-test-" + UUID.randomUUID(),
                "test",
                "direktiv/shell:v1",
                List.of(
                    "cp=/tmp/calls; cat /direktiv-data/calls > $cp && chmod +x $cp &&"
                        + " $cp > /direktiv-data/data.out"),
                Map.of(),
                Map.of("calls", GivenFile.of(program.toBytes())),
                Map.of("data.out", 1 << 20),
                OciFixture.limits(Network.NONE),
                Optional.empty(),
                0),
            _ -> {});
  }

  private static List<Integer> results(SandboxEnd end) {
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    return SystemCallProgram.results(((SandboxFile.Content) end.files().get("data.out")).bytes());
  }

  /// The names of the table's calls with their numbers in `column`.
  private static Map<String, Integer> numbers(int column) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    REFUSED
        .lines()
        .map(line -> line.split(" "))
        .filter(words -> !words[column].equals("-"))
        .forEach(words -> numbers.put(words[0], Integer.valueOf(words[column])));
    return numbers;
  }

  private static SystemCallProgram programOf(Way way, Map<String, Integer> numbers) {
    SystemCallProgram program = new SystemCallProgram();
    numbers.values().forEach(number -> program.call(way, number));
    return program;
  }

  /// Shows the calls that were not refused with their results. What is newer than the library that
  /// makes the filter is answered as if the kernel did not have it.
  private static void assertAllRefused(Map<String, Integer> numbers, List<Integer> results) {
    Map<String, Integer> answered = new LinkedHashMap<>();
    for (String name : numbers.keySet()) {
      answered.put(name, results.get(answered.size()));
    }
    assertThat(results).hasSize(numbers.size());
    answered.values().removeIf(result -> result == EPERM || result == ENOSYS);
    assertThat(answered).isEmpty();
  }

  @Test
  void whatMountsTracesLoadsKeysOrMakesNamespacesIsRefused() throws Exception {
    Map<String, Integer> numbers = numbers(1);
    assertAllRefused(numbers, results(run(programOf(Way.NATIVE, numbers))));
  }

  @Test
  void theSameIsRefusedTo32BitPrograms() throws Exception {
    // when
    Map<String, Integer> numbers = numbers(2);
    SandboxEnd end = run(programOf(Way.OLD, numbers));

    // then, unless this kernel has no 32-bit programs at all
    if (!end.exit().equals(new Exit.Signalled(SIGSEGV))) {
      assertAllRefused(numbers, results(end));
    }
  }

  @Test
  void theSecondSetOfNumbersIsRefusedAsAWhole() throws Exception {
    // given ptrace, and getpid that is harmless
    for (int number : List.of(101, 39)) {
      SystemCallProgram program = new SystemCallProgram();
      program.call(Way.NATIVE, X32 | number);

      // when
      SandboxEnd end = run(program);

      // then
      if (!end.exit().equals(new Exit.Signalled(SIGSYS))) {
        assertThat(results(end)).containsAnyOf(EPERM, ENOSYS);
      }
    }
  }

  @Test
  void programsMayDoWhatIsHarmless() throws Exception {
    // given getpid, a Unix socket, personality(which?), a timer's clock
    SystemCallProgram program = new SystemCallProgram();
    program.call(Way.NATIVE, 39);
    program.call(Way.NATIVE, 41, 1, 1, 0);
    program.call(Way.NATIVE, 135, 0xffffffffL);
    program.call(Way.NATIVE, 228, 1, program.address(""));

    // then the refusals of the other tests are no defect of the program
    assertThat(results(run(program))).allMatch(result -> result >= 0).last().isEqualTo(0);
  }

  @Test
  void noCloneMakesANamespace() throws Exception {
    // given mount, cgroup, uts, ipc, user, pid and net, each as clone(2) and for 32-bit programs
    SystemCallProgram program = new SystemCallProgram();
    for (int namespace : List.of(17, 25, 26, 27, 28, 29, 30)) {
      program.call(Way.NATIVE, 56, 1L << namespace | SIGCHLD);
    }

    // then
    assertThat(results(run(program))).hasSize(7).containsOnly(EPERM);
  }

  @Test
  void clone3IsSaidToBeUnknownSoThatProgramsFallBackToClone() throws Exception {
    SystemCallProgram program = new SystemCallProgram();
    program.call(Way.NATIVE, 435, program.address(""), 64);
    assertThat(results(run(program))).containsExactly(ENOSYS);
  }

  @Test
  void socketsThatSeeOrMakePacketsAreRefused() throws Exception {
    // given AF_PACKET, AF_KEY, AF_ALG, AF_VSOCK, AF_XDP, AF_BLUETOOTH, AF_CAN, and raw IP
    SystemCallProgram program = new SystemCallProgram();
    for (int family : List.of(17, 15, 38, 40, 44, 31, 29)) {
      program.call(Way.NATIVE, 41, family, 3, 0);
    }
    program.call(Way.NATIVE, 41, 2, 3, 1);
    program.call(Way.NATIVE, 41, 2, 3, 255);
    program.call(Way.NATIVE, 41, 10, 3, 58);

    // then
    assertThat(results(run(program))).hasSize(10).containsOnly(EPERM);
  }

  @Test
  void addressesStayRandomAndOldLayoutsOff() throws Exception {
    // given ADDR_NO_RANDOMIZE, READ_IMPLIES_EXEC, MMAP_PAGE_ZERO
    SystemCallProgram program = new SystemCallProgram();
    for (long personality : List.of(0x0040000L, 0x0400000L, 0x0100000L)) {
      program.call(Way.NATIVE, 135, personality);
    }

    // then
    assertThat(results(run(program))).containsOnly(EPERM);
  }

  @Test
  void noTerminalIsThereToTypeInto() throws Exception {
    // given open("/dev/tty"), open("/dev/console"), and TIOCSTI on every file of the program
    SystemCallProgram program = new SystemCallProgram();
    program.call(Way.NATIVE, 2, program.address("/dev/tty"), 2);
    program.call(Way.NATIVE, 2, program.address("/dev/console"), 2);
    for (int file = 0; file < 3; file++) {
      program.call(Way.NATIVE, 16, file, 0x5412, program.address("x"));
    }

    // then
    assertThat(results(run(program))).containsExactly(ENXIO, -2, ENOTTY, ENOTTY, ENOTTY);
  }

  @Test
  void devicesAndTheKernelsMemoryCannotBeOpened() throws Exception {
    // given mknod of a disk and of /dev/mem, and open of what shows the kernel's log
    SystemCallProgram program = new SystemCallProgram();
    program.call(Way.NATIVE, 133, program.address("/tmp/disk"), 0060600, 0x800);
    program.call(Way.NATIVE, 133, program.address("/tmp/memory"), 0020600, 0x101);
    program.call(Way.NATIVE, 2, program.address("/proc/kmsg"), 0);

    // then
    assertThat(results(run(program))).containsExactly(EPERM, EPERM, EACCES);
  }

  @Test
  void memoryThatNoProcessIsChargedWithIsForSandboxesWithAControlGroupOnly() throws Exception {
    // given memfd_create, shmget, msgget, and shmget as a 32-bit program calls it through ipc
    SystemCallProgram program = new SystemCallProgram();
    program.call(Way.NATIVE, 319, program.address(""), 0);
    program.call(Way.NATIVE, 29, 0, 4096, 01600);
    program.call(Way.NATIVE, 68, 0, 01600);
    program.call(Way.OLD, 117, 23, 0, 4096, 01600);

    // then
    if (OciRuntime.isRoot()) {
      assertThat(results(run(program))).allMatch(result -> result >= 0);
    } else {
      assertThat(results(run(program))).containsOnly(EPERM);
    }
  }
}
