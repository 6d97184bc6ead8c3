package io.direktiv.functions.image.registry;

import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.Descriptor;
import io.direktiv.functions.image.Digest;
import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.ImageException.Kind;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/// One repository of a registry, seen with one login.
public final class Registry {
  private static final String ACCEPT =
      "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json,"
          + " application/vnd.docker.distribution.manifest.list.v2+json,"
          + " application/vnd.docker.distribution.manifest.v2+json";

  private final Exchange exchange;
  private final Logins logins;
  private final URI address;
  private final String path;
  private final Optional<RegistryCredentials> login;
  private volatile Optional<Challenge> challenge = Optional.empty();

  Registry(
      Exchange exchange,
      Logins logins,
      URI address,
      String path,
      Optional<RegistryCredentials> login) {
    this.exchange = exchange;
    this.logins = logins;
    this.address = address;
    this.path = path;
    this.login = login;
  }

  /// A manifest or an index, as it stands.
  ///
  /// @param mediaType as the registry calls it
  public record Manifest(String mediaType, Digest digest, byte[] bytes) {}

  /// Fetches the manifest that `reference`, a tag or digest, names.
  ///
  /// @param most the largest manifest that is taken, in bytes
  public Manifest manifest(String reference, int most) throws ImageException, InterruptedException {
    try (Exchange.Reply reply = get("manifests/" + reference, Map.of("Accept", ACCEPT))) {
      requireFound(reply, "no image " + shown(reference));
      byte[] bytes = reply.bytes(most);
      Optional<Digest> wanted = Digest.parse(reference);
      Optional<Digest> said =
          reply.headers().firstValue("Docker-Content-Digest").flatMap(Digest::parse);
      Digest digest = wanted.or(() -> said).orElseGet(() -> Digest.of(bytes));
      if (!digest.isOf(bytes)) {
        throw new ImageException(
            Kind.BROKEN,
            "the registry at "
                + Exchange.place(address)
                + " sends a manifest of digest "
                + Digest.of(bytes)
                + " in place of "
                + digest,
            "push the image again, or use another registry");
      }
      String type = reply.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
      return new Manifest(type.strip(), digest, bytes);
    } catch (ProtocolException e) {
      throw Exchange.untrusted(address, "sends no manifest: " + e.getMessage());
    } catch (IOException e) {
      throw Exchange.unreachable(address, "stopped answering: " + e.getMessage());
    }
  }

  private static String shown(String reference) {
    return reference.contains(":") ? reference : "\"" + reference + "\"";
  }

  /// Fetches a blob into `file`, going on with what stands there. Afterwards it is all there and
  /// has the digest.
  ///
  /// @param progress is told how many bytes there are, now and then
  public void blob(Descriptor blob, Path file, LongConsumer progress)
      throws ImageException, IOException, InterruptedException {
    new Download(this, blob, file, progress).run();
  }

  /// Opens a blob from byte `start` on.
  Exchange.Reply open(Digest digest, long start) throws ImageException, InterruptedException {
    Map<String, String> headers = new HashMap<>();
    // What a proxy compresses on its way would have another length and digest.
    headers.put("Accept-Encoding", "identity");
    if (start > 0) {
      headers.put("Range", "bytes=" + start + "-");
    }
    return get("blobs/" + digest, headers);
  }

  /// Fails for any answer but the wanted one.
  void requireFound(Exchange.Reply reply, String absent) throws ImageException {
    String at = "the registry at " + Exchange.place(address) + " ";
    switch (reply.status()) {
      case 200, 206 -> {
        // Found.
      }
      case 401, 403 ->
          throw Logins.refused(
              address,
              login,
              (login.isPresent() ? "refuses the login: " : "wants a login: ") + reply.words());
      case 404 ->
          throw new ImageException(
              Kind.ABSENT,
              at + "has " + absent + ": " + reply.words(),
              "check the name and the tag");
      case 429 ->
          throw new ImageException(
              Kind.UNREACHABLE,
              at + "wants fewer requests: " + reply.words(),
              "try again "
                  + reply.retryAfter().map(time -> "in " + time.toSeconds() + " s").orElse("later")
                  + (login.isPresent() ? "" : ", or log in"));
      default ->
          throw new ImageException(
              Exchange.isAway(reply.status()) ? Kind.UNREACHABLE : Kind.UNTRUSTED,
              at + "fails: " + reply.words(),
              "try again later");
    }
  }

  URI address() {
    return address;
  }

  private Exchange.Reply get(String what, Map<String, String> headers)
      throws ImageException, InterruptedException {
    URI uri = address.resolve("/v2/" + path + "/" + what);
    Exchange.Reply reply = exchange.get(uri, headers, authorization(false));
    if (reply.status() != 401) {
      return reply;
    }
    Optional<Challenge> wanted =
        Challenge.of(reply.headers().allValues("WWW-Authenticate"))
            .filter(found -> !found.scheme().equals("basic") || login.isPresent());
    if (wanted.isEmpty()) {
      return reply;
    }
    reply.close();
    boolean wasShown = challenge.isPresent();
    challenge = wanted;
    return exchange.get(uri, headers, authorization(wasShown));
  }

  private Optional<String> authorization(boolean isFresh)
      throws ImageException, InterruptedException {
    Optional<Challenge> known = challenge;
    return known.isEmpty()
        ? Optional.empty()
        : Optional.of(
            logins.answer(address, known.get(), "repository:" + path + ":pull", login, isFresh));
  }

  /// The repository's name, for messages.
  @Override
  public String toString() {
    return address.getRawAuthority() + "/" + path;
  }
}
