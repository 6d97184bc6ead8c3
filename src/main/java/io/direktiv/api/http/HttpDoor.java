package io.direktiv.api.http;

import io.direktiv.api.Address;
import io.direktiv.api.Api;
import io.direktiv.api.DoorException;
import io.direktiv.api.http.exchange.Bounds;
import io.direktiv.api.http.exchange.Limits;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.api.http.exchange.Router;
import io.direktiv.api.http.exchange.Waiting;
import io.direktiv.api.http.resource.Resources;
import io.direktiv.telemetry.Service;
import java.util.List;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/// The HTTP door of a server.
///
/// A few platform threads select and accept; each request runs on a virtual thread of its own, of
/// which there are at most as many as [Bounds] admit.
public final class HttpDoor implements Service {
  private static final int THREADS_MAX = 12;
  private static final int RESERVE = 512;

  private final Address address;
  private final HttpSettings settings;
  private final Waiting waiting;
  private final DoorHandler handler;
  private Server server;
  private ServerConnector connector;

  /// A closed door to `api` at `address`.
  public HttpDoor(Api api, Address address, HttpSettings settings) {
    this.address = address;
    this.settings = settings;
    waiting = new Waiting(settings.bounds().waits());
    handler =
        new DoorHandler(
            new Router(routes()),
            new Doorkeeper(api, address, settings.auth()),
            waiting,
            settings.bounds());
  }

  private List<Route> routes() {
    Resources.About about =
        new Resources.About(settings.version(), settings.functions(), settings.isReady());
    return Resources.routes(about, waiting, settings.waitMax());
  }

  /// Opens the door.
  ///
  /// @throws DoorException when the address is in use or does not exist
  @Override
  public synchronized void start() {
    Bounds bounds = settings.bounds();
    VirtualThreadPool virtual = new VirtualThreadPool();
    virtual.setName("http");
    virtual.setMaxConcurrentTasks(bounds.requests() + bounds.streams() + RESERVE);
    QueuedThreadPool pool = new QueuedThreadPool(THREADS_MAX);
    pool.setName("http-io");
    pool.setVirtualThreadsExecutor(virtual);
    server = new Server(pool);
    server.setErrorHandler(new JettyErrors());
    server.setHandler(handler);
    server.setStopTimeout(0);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
    connector.setHost(address.host());
    connector.setPort(address.port());
    connector.setIdleTimeout(bounds.idle().toMillis());
    connector.setReuseAddress(true);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(bounds.connections(), connector));
    try {
      server.start();
    } catch (Exception e) {
      stop();
      throw DoorException.cannotListen(address, "DIREKTIV_API_BIND", e);
    }
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendXPoweredBy(false);
    configuration.setRequestHeaderSize(Limits.HEADER_BYTES_MAX);
    configuration.setUriCompliance(UriCompliance.DEFAULT);
    return configuration;
  }

  /// The port at which the door is open.
  ///
  /// @throws IllegalStateException when it is not
  public synchronized int port() {
    if (connector == null || connector.getLocalPort() <= 0) {
      throw new IllegalStateException("the HTTP door is not open");
    }
    return connector.getLocalPort();
  }

  /// How many callers wait for an instance to end.
  int waits() {
    return waiting.waits();
  }

  /// Closes the door: no new connections, waits and streams end, requests under way are answered
  /// within [HttpSettings#stopMax].
  @Override
  public synchronized void stop() {
    if (server == null) {
      return;
    }
    waiting.stop();
    try {
      connector.shutdown();
      awaitQuiet();
      server.stop();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP door did not close", e);
    } finally {
      server = null;
      connector = null;
    }
  }

  private void awaitQuiet() throws InterruptedException {
    long end = System.nanoTime() + settings.stopMax().toNanos();
    while (handler.underWay() > 0 && System.nanoTime() < end) {
      Thread.sleep(5);
    }
  }
}
