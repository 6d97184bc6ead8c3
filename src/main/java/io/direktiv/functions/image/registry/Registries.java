package io.direktiv.functions.image.registry;

import io.direktiv.functions.ImageName;
import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.ImageException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.Set;

/// Opens repositories; keeps connections and tokens for all of them. Safe for use by many threads.
public final class Registries implements AutoCloseable {
  private final HttpClient client;
  private final Reach reach;
  private final Exchange exchange;
  private final Logins logins;

  /// Registries behind TLS, but for those of this machine and `plainHosts`.
  ///
  /// @param proxies through which hosts are asked
  public Registries(Set<String> plainHosts, ProxySelector proxies) {
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(Limits.CONNECT_TIME)
            .proxy(proxies)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.reach = new Reach(plainHosts);
    this.exchange = new Exchange(client, reach);
    this.logins = new Logins(exchange, reach);
  }

  /// The repository of `name`, seen with `login`. Asks nobody yet.
  public Registry open(ImageName name, Optional<RegistryCredentials> login) throws ImageException {
    return new Registry(exchange, logins, reach.address(name.host()), name.path(), login);
  }

  /// Ends what is under way.
  @Override
  public void close() {
    client.shutdownNow();
  }
}
