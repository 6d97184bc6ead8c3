package io.direktiv.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// SIGINT and SIGTERM: the first asks the server to stop, the second kills it.
///
/// A shutdown hook could do the first but never hears of the second, so the signals are handled
/// themselves, by `sun.misc.Signal` of the supported module `jdk.unsupported`. It is called by
/// reflection: javac warns about its name in a way that cannot be switched off.
final class Signals {
  private static final int KILLED = 130;
  private final CountDownLatch first = new CountDownLatch(1);
  private final AtomicInteger count = new AtomicInteger();

  private Signals() {}

  /// Takes the signals over.
  static Signals install() {
    Signals signals = new Signals();
    List.of("INT", "TERM").forEach(signals::take);
    return signals;
  }

  private void take(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler received =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> received();
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "Signals";
              };
      Object ours =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handler}, received);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("signal " + name + " cannot be handled", e);
    }
  }

  private Object received() {
    if (count.incrementAndGet() > 1) {
      Runtime.getRuntime().halt(KILLED);
    }
    first.countDown();
    return null;
  }

  /// Waits for the first signal.
  void await() {
    try {
      first.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
