package io.direktiv.functions.oci;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.oci.network.Network;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A sandbox that is made: its folders, overlay, control group and network are there, and its first
/// process waits for [#start]. It runs once.
final class MadeSandbox {
  private static final Logger LOG = LoggerFactory.getLogger(MadeSandbox.class);
  private static final int KILL = 9;

  private final Machine machine;
  private final Sandbox sandbox;
  private final Root root;
  private final Workspace workspace;
  private final Rights.Hold hold;
  private Streams streams;
  private Child child;
  private Tool.Gate gate = Tool.Gate.opened();
  private Optional<Network.Link> link = Optional.empty();

  private MadeSandbox(Machine machine, Sandbox sandbox, Root root) {
    this.machine = machine;
    this.sandbox = sandbox;
    this.root = root;
    this.workspace = machine.workspace(sandbox.id());
    this.hold = machine.rights().hold(sandbox.id());
  }

  /// Makes a sandbox over `root`, which is closed with it, also when it cannot be made.
  static MadeSandbox make(Machine machine, Sandbox sandbox, Root root)
      throws IOException, SandboxException {
    MadeSandbox made = new MadeSandbox(machine, sandbox, root);
    boolean isMade = false;
    try {
      made.make();
      isMade = true;
      return made;
    } finally {
      if (!isMade) {
        made.remove();
      }
    }
  }

  private void make() throws IOException, SandboxException {
    boolean hasNetwork = sandbox.limits().network() == SandboxLimits.Network.EGRESS;
    Optional<Network> network =
        hasNetwork ? Optional.of(machine.networks().get()) : Optional.empty();
    workspace.make(root.folder(), sandbox.limits().diskBytes());
    List<String> before = machine.rights().cover(workspace, root.folder(), machine.tool());
    new Bundle(machine, sandbox, root, workspace).write();
    streams = Streams.open(workspace);
    child = create(before);
    hold.begin(child, sandbox.limits().memoryBytes());
    if (network.isPresent()) {
      link = Optional.of(network.get().attach(workspace.pid(), workspace.bundle()));
    }
  }

  private Child create(List<String> before) throws IOException, SandboxException {
    try {
      machine.tool().create(sandbox.id(), workspace, before);
    } catch (IOException e) {
      throw cannotRun(e);
    } finally {
      streams.handedOver();
    }
    return Child.watch(workspace.pid(), machine.threads());
  }

  private SandboxException cannotRun(IOException e) {
    return new SandboxException(
        Codes.FUNCTION_IMAGE, "image \"" + sandbox.image() + "\" cannot be run: " + e.getMessage());
  }

  /// Its name on this machine.
  String id() {
    return sandbox.id();
  }

  Workspace workspace() {
    return workspace;
  }

  Rights.Hold hold() {
    return hold;
  }

  /// What it reads and prints.
  Streams streams() {
    return streams;
  }

  /// Its first process.
  Child child() {
    return child;
  }

  /// Lets its process begin.
  void start() throws IOException, SandboxException {
    if (child.ended().isDone()) {
      throw cannotRun(new IOException("its process has ended before it began"));
    }
    try {
      gate = machine.tool().start(sandbox.id(), workspace);
    } catch (IOException e) {
      end();
      throw cannotRun(e);
    }
  }

  /// True when its process, which was started and has ended, had begun before.
  boolean hasBegun() throws IOException {
    return gate.isPassed();
  }

  /// Ends its processes.
  void end() throws IOException {
    child.signal(KILL);
    child.ended().join();
  }

  /// Ends and removes all of it.
  void remove() {
    try {
      endAll();
      gate.close();
      if (streams != null) {
        streams.close();
      }
      hold.remove();
      workspace.remove();
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("sandbox", sandbox.id())
          .setCause(e)
          .log("sandbox's folders could not be removed; the next start does");
    } finally {
      link.ifPresent(Network.Link::close);
      root.close();
    }
  }

  /// Ends its processes, all of which go with the first.
  private void endAll() throws IOException {
    if (child != null) {
      end();
      machine.tool().forget(sandbox.id());
      return;
    }
    try {
      machine.tool().delete(sandbox.id(), workspace);
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("sandbox", sandbox.id()).setCause(e).log("nothing to delete");
    }
  }
}
