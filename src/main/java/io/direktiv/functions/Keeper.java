package io.direktiv.functions;

import io.direktiv.model.FunctionDefinition;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that functions which ask for it with `scale` have sandboxes ready, from the moment on
/// at which their workflow is saved: again and again, since images move and a registry may be away.
/// Safe for use by many threads.
///
/// Each function is looked at by a thread of its own, of which few work at a time, so that an image
/// that takes long to fetch does not hold up the others for long.
final class Keeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final int AT_A_TIME = 4;

  private final Ground ground;
  private final Duration pause;
  private final Map<Owner, List<FunctionDefinition>> kept = new HashMap<>();
  private final Set<Wish> underWay = new HashSet<>();
  private final Semaphore places = new Semaphore(AT_A_TIME);
  private boolean isClosed;

  /// Makes sandboxes ready.
  interface Ground {
    /// Finds out how as many sandboxes are made ready as `function` asks for, which may take long;
    /// what it returns has them made, at once.
    Runnable keepReady(String namespace, String workflow, FunctionDefinition function)
        throws SandboxException;
  }

  private record Owner(String namespace, String workflow) {}

  private record Wish(Owner owner, FunctionDefinition function) {}

  /// @param pause between two looks at each function
  Keeper(Ground ground, Duration pause) {
    this.ground = ground;
    this.pause = pause;
    Thread.ofVirtual().name("keeper").start(this::run);
  }

  /// What a workflow asks for from now on; nothing when `functions` is empty.
  synchronized void keep(String namespace, String workflow, List<FunctionDefinition> functions) {
    Owner owner = new Owner(namespace, workflow);
    if (functions.isEmpty()) {
      kept.remove(owner);
    } else {
      kept.put(owner, List.copyOf(functions));
      lookAll(owner, functions);
    }
  }

  private synchronized void run() {
    try {
      while (!isClosed) {
        wait(pause.toMillis());
        kept.forEach(this::lookAll);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookAll(Owner owner, List<FunctionDefinition> functions) {
    for (FunctionDefinition function : functions) {
      Wish wish = new Wish(owner, function);
      if (!isClosed && underWay.add(wish)) {
        Thread.ofVirtual().name("keep-ready").start(() -> look(wish));
      }
    }
  }

  private void look(Wish wish) {
    places.acquireUninterruptibly();
    try {
      if (isKept(wish)) {
        Runnable making =
            ground.keepReady(wish.owner().namespace(), wish.owner().workflow(), wish.function());
        makeIfKept(wish, making);
      }
    } catch (SandboxException | RuntimeException e) {
      LOG.warn(
          "function \"{}\" of workflow {}/{} cannot be kept ready, trying again in {} s: {}",
          wish.function().id(),
          wish.owner().namespace(),
          wish.owner().workflow(),
          pause.toSeconds(),
          e.getMessage());
    } finally {
      places.release();
      ended(wish);
    }
  }

  /// Whoever gives up what is kept after this lock was free finds what was made, or nothing is
  /// made.
  private synchronized void makeIfKept(Wish wish, Runnable making) {
    if (isKept(wish)) {
      making.run();
    }
  }

  private synchronized boolean isKept(Wish wish) {
    return !isClosed && kept.getOrDefault(wish.owner(), List.of()).contains(wish.function());
  }

  private synchronized void ended(Wish wish) {
    underWay.remove(wish);
  }

  /// Looks at nothing any more. Twice is fine.
  @Override
  public synchronized void close() {
    isClosed = true;
    kept.clear();
    notifyAll();
  }
}
