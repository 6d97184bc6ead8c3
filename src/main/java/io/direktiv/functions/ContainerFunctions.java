package io.direktiv.functions;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Codes;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.contract.CallLog;
import io.direktiv.functions.contract.Contract;
import io.direktiv.functions.contract.FilesContract;
import io.direktiv.functions.contract.HttpContract;
import io.direktiv.functions.contract.Outcomes;
import io.direktiv.functions.contract.Sidecar;
import io.direktiv.functions.contract.StdioContract;
import io.direktiv.functions.data.LeftVariables;
import io.direktiv.functions.data.VariableException;
import io.direktiv.functions.data.VariableFiles;
import io.direktiv.functions.pool.Servers;
import io.direktiv.functions.pool.Wanted;
import io.direktiv.model.FunctionDefinition;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Functions as sandboxes of a [Runtime]: a fresh one for each call, but for functions that listen,
/// whose sandboxes serve many ([Servers]).
///
/// A call draws a ticket of the [FairGate], runs its sandbox, and reads the outcome from what the
/// sandbox left or answered. A cancel gives up the ticket or stops the sandbox, and repeats that
/// until the call has ended, so that it cannot fall between two steps.
public final class ContainerFunctions implements Functions {
  private static final Set<String> CONTAINER_WORDS = Set.of("auto", "container");
  private static final Logger LOG = LoggerFactory.getLogger(ContainerFunctions.class);
  private static final HexFormat HEX = HexFormat.of();

  private final Runtime runtime;
  private final RegistryLogins logins;
  private final FunctionSettings settings;
  private final InstantSource clock;
  private final FairGate gate;
  private final Servers servers;
  private final Keeper keeper;
  private final SecureRandom random = new SecureRandom();
  private final Map<ActionId, Call> calls = new ConcurrentHashMap<>();

  /// Functions that `runtime` runs.
  public ContainerFunctions(
      Runtime runtime, RegistryLogins logins, FunctionSettings settings, InstantSource clock) {
    this.runtime = runtime;
    this.logins = logins;
    this.settings = settings;
    this.clock = clock;
    this.gate = new FairGate(settings.concurrency());
    this.servers = new Servers(settings.pool());
    this.keeper = new Keeper(this::keepReady, settings.pool().lookPause());
  }

  /// A call on its way.
  ///
  /// @param ask asks it to give up before it is stopped
  /// @param stop stops it; repeated until it has ended
  private record Call(
      String sandboxId,
      FairGate.Ticket ticket,
      AtomicReference<Runnable> ask,
      AtomicReference<Runnable> stop,
      CountDownLatch cancelled,
      CountDownLatch ended) {}

  @Override
  public Outcome call(FunctionCall request, Consumer<LogLine> log) {
    Optional<String> refusal = refusal(request.function());
    if (refusal.isPresent()) {
      return Outcomes.failed(
          Codes.FUNCTION_UNAVAILABLE, Outcomes.name(request) + " " + refusal.get());
    }
    String sandboxId = sandboxId();
    Call call =
        new Call(
            sandboxId,
            gate.draw(request.namespace()),
            new AtomicReference<>(() -> {}),
            new AtomicReference<>(() -> runtime.stop(sandboxId)),
            new CountDownLatch(1),
            new CountDownLatch(1));
    if (calls.putIfAbsent(request.id(), call) != null) {
      throw new IllegalStateException("action " + request.id() + " is being called already");
    }
    try {
      return admitted(request, call, new CallLog(log, clock));
    } finally {
      calls.remove(request.id());
      call.ended().countDown();
    }
  }

  private Outcome admitted(FunctionCall request, Call call, CallLog log) {
    if (!call.ticket().await()) {
      return Outcomes.failed(
          Codes.FUNCTION_UNAVAILABLE,
          Outcomes.name(request)
              + (isCancelled(call)
                  ? " was cancelled before it ran"
                  : " cannot wait: "
                      + Limits.WAITING_MAX
                      + " calls of its namespace do already; try again later"));
    }
    try {
      return run(request, call, log);
    } finally {
      gate.leave();
    }
  }

  private Outcome run(FunctionCall request, Call call, CallLog log) {
    SandboxLimits limits = limits(request);
    Sandbox sandbox = sandbox(request.namespace(), request.function(), call.sandboxId(), limits);
    try {
      return switch (contract(request, call, sandbox, log)) {
        case STDIO -> overStdio(request, call, sandbox, log);
        case HTTP -> overHttp(request, call, sandbox, log);
        case FILES -> overFiles(request, call, sandbox, log);
      };
    } catch (SandboxException e) {
      return Outcomes.failed(e.code(), Outcomes.name(request) + ": " + e.getMessage());
    } catch (VariableException e) {
      return Outcomes.failed(e.code(), Outcomes.name(request) + ": " + e.getMessage());
    } finally {
      log.report();
    }
  }

  private Contract contract(FunctionCall request, Call call, Sandbox sandbox, CallLog log)
      throws SandboxException {
    Optional<Contract> named = Contract.named(request.function());
    if (named.isPresent() || isCancelled(call)) {
      return named.orElse(Contract.FILES);
    }
    return Contract.ofImage(image(request.function(), sandbox, log).exposedPorts());
  }

  private ImageFacts image(FunctionDefinition function, Sandbox sandbox, CallLog log)
      throws SandboxException {
    return runtime(function).image(sandbox, log::line);
  }

  private Outcome overFiles(FunctionCall request, Call call, Sandbox sandbox, CallLog log)
      throws SandboxException, VariableException {
    SandboxEnd end =
        run(
            request,
            call,
            withVariables(sandbox, request)
                .withFiles(FilesContract.filesIn(request), FilesContract.filesOut()),
            log::line);
    return leaving(
        end.files(), request, FilesContract.outcome(request, end, sandbox.limits(), log));
  }

  private Outcome overStdio(FunctionCall request, Call call, Sandbox sandbox, CallLog log)
      throws SandboxException, VariableException {
    StdioContract contract = new StdioContract(request, log, () -> runtime.stop(call.sandboxId()));
    SandboxEnd end = run(request, call, withVariables(sandbox, request), contract);
    Outcome outcome = contract.outcome(end.exit(), sandbox.limits());
    return leaving(end.files(), request, Outcomes.onDisk(end, sandbox.limits(), outcome));
  }

  private static Sandbox withVariables(Sandbox sandbox, FunctionCall request)
      throws VariableException {
    return sandbox.withFiles(
        VariableFiles.of(request.function().files(), request.variables()), LeftVariables.paths());
  }

  /// The outcome of a call, after what it left is on its way to be variables.
  private static Outcome leaving(
      Map<String, SandboxFile> left, FunctionCall request, Outcome outcome)
      throws VariableException {
    if (outcome instanceof Outcome.Returned) {
      request.variables().leave(LeftVariables.of(left));
    }
    return outcome;
  }

  private Outcome overHttp(FunctionCall request, Call call, Sandbox sandbox, CallLog log)
      throws SandboxException, VariableException {
    String image = isCancelled(call) ? "" : image(request.function(), sandbox, log).id();
    HttpContract contract =
        new HttpContract(
            request,
            VariableFiles.of(request.function().files(), request.variables()),
            log,
            sandbox.limits(),
            HttpContract.Times.STANDARD);
    call.ask().set(contract::cancel);
    call.stop().set(contract::giveUp);
    if (isCancelled(call)) {
      contract.giveUp();
    }
    try {
      Wanted wanted =
          new Wanted(
              request.id().instance().workflow(),
              request.function(),
              runtime(request.function()),
              sandbox,
              image);
      Optional<Outcome> first = ask(contract, wanted, request, log, false);
      Outcome outcome =
          first.isPresent() ? first.get() : ask(contract, wanted, request, log, true).orElseThrow();
      return leaving(contract.left(), request, outcome);
    } finally {
      contract.end();
    }
  }

  private Optional<Outcome> ask(
      HttpContract contract, Wanted wanted, FunctionCall request, CallLog log, boolean isNew)
      throws SandboxException {
    Servers.Visit visit =
        servers.enter(wanted, request.id(), new Sidecar.Call(log, request.variables()), isNew);
    Servers.Condition condition = Servers.Condition.SPOILED;
    try {
      Optional<Outcome> outcome = contract.ask(visit.served(), visit.isUsed());
      condition = condition(contract, outcome);
      return outcome;
    } finally {
      visit.leave(condition);
    }
  }

  private static Servers.Condition condition(HttpContract contract, Optional<Outcome> outcome) {
    if (contract.isAsked()) {
      return contract.isGivenUp() || contract.hasLostProcess()
          ? Servers.Condition.SPOILED
          : Servers.Condition.ANSWERED;
    }
    return contract.isGivenUp() && outcome.isPresent()
        ? Servers.Condition.UNASKED
        : Servers.Condition.SPOILED;
  }

  @Override
  public void announce(
      String namespace, String workflow, Collection<FunctionDefinition> functions) {
    keeper.keep(
        namespace,
        workflow,
        functions.stream()
            .filter(function -> settings.pool().keepsReady() && function.scale() > 0)
            .filter(function -> refusal(function).isEmpty())
            .toList());
    servers.release(namespace, workflow, functions);
  }

  private Runnable keepReady(String namespace, String workflow, FunctionDefinition function)
      throws SandboxException {
    Sandbox sandbox = sandbox(namespace, function, sandboxId(), settings.limits(function.size()));
    Consumer<OutputLine> output =
        line -> LOG.info("{}/{}, {}: {}", namespace, workflow, function.id(), line.text());
    ImageFacts image = runtime(function).image(sandbox, output);
    Contract contract =
        Contract.named(function).orElseGet(() -> Contract.ofImage(image.exposedPorts()));
    if (contract == Contract.HTTP) {
      Wanted wanted = new Wanted(workflow, function, runtime(function), sandbox, image.id());
      return () -> servers.hold(wanted, function.scale());
    }
    runtime(function).expect(sandbox);
    return () -> {};
  }

  private SandboxEnd run(FunctionCall request, Call call, Sandbox sandbox, Attendant attendant)
      throws SandboxException {
    return isCancelled(call)
        ? SandboxEnd.of(new Exit.Stopped())
        : runtime(request.function()).run(sandbox, attendant);
  }

  private static boolean isCancelled(Call call) {
    return call.cancelled().getCount() == 0;
  }

  private Sandbox sandbox(
      String namespace, FunctionDefinition function, String id, SandboxLimits limits) {
    return new Sandbox(
        id,
        namespace,
        function.image(),
        function.command().map(List::of).orElse(List.of()),
        Map.of("DIREKTIV_DIR", Sandbox.DATA),
        Map.of(),
        Map.of(),
        limits,
        logins.find(namespace, function.image()),
        function.scale());
  }

  private SandboxLimits limits(FunctionCall request) {
    FunctionSettings own =
        request
            .timeout()
            .filter(wanted -> wanted.compareTo(settings.time()) < 0)
            .map(settings::withTime)
            .orElse(settings);
    return own.limits(request.function().size());
  }

  /// Why a function cannot be run here.
  private Optional<String> refusal(FunctionDefinition function) {
    String isolation = function.isolation().orElse("auto");
    if (!CONTAINER_WORDS.contains(isolation) && runtime.called(isolation).isEmpty()) {
      return Optional.of(
          "wants the isolation \""
              + isolation
              + "\", but this server runs \""
              + runtime.name()
              + "\" only");
    }
    return Optional.empty();
  }

  /// The runtime that a function asks for by name, else the one that was chosen.
  private Runtime runtime(FunctionDefinition function) {
    return function.isolation().flatMap(runtime::called).orElse(runtime);
  }

  private String sandboxId() {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return "direktiv-" + HEX.formatHex(bytes);
  }

  @Override
  public void cancel(ActionId id) {
    Call call = calls.get(id);
    if (call != null && call.cancelled().getCount() > 0) {
      call.cancelled().countDown();
      Thread.ofVirtual().name("cancel-" + id).start(() -> stop(call));
    }
  }

  private void stop(Call call) {
    call.ask().get().run();
    try {
      do {
        gate.giveUp(call.ticket());
        call.stop().get().run();
      } while (!call.ended().await(Limits.STOP_REPEAT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String describe() {
    String limits =
        settings.concurrency()
            + " at a time, network "
            + settings.network().name().toLowerCase(java.util.Locale.ROOT);
    return runtime
        .missing()
        .map(missing -> "functions: none yet (" + missing + ")")
        .orElse("functions: " + runtime.describe() + ", " + limits);
  }

  @Override
  public void close() {
    keeper.close();
    servers.close();
    runtime.close();
  }
}
