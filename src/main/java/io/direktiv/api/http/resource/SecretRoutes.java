package io.direktiv.api.http.resource;

import static io.direktiv.api.Limits.CREDENTIALS_BYTES_MAX;
import static io.direktiv.api.Limits.SECRET_BYTES_MAX;

import io.direktiv.api.http.exchange.Answer;
import io.direktiv.api.http.exchange.Call;
import io.direktiv.api.http.exchange.Document;
import io.direktiv.api.http.exchange.Parameter;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Secrets and the credentials of registries. Values come in and never go out.
final class SecretRoutes {
  private static final String SECRETS = NamespaceRoutes.ONE + "/secrets";
  private static final String SECRET = SECRETS + "/{name}";
  private static final String REGISTRIES = NamespaceRoutes.ONE + "/registries";

  /// Within JSON a byte may need six.
  private static final int SECRET_BODY_MAX = 6 * SECRET_BYTES_MAX + 4_096;

  private static final int CREDENTIALS_BODY_MAX = 6 * CREDENTIALS_BYTES_MAX + 4_096;

  private static final Parameter URL =
      new Parameter("url", Parameter.Kind.TEXT, "The url of the registry.");

  List<Route> routes() {
    return List.of(
        Route.get(SECRETS, "listSecrets", "Lists the names of secrets.")
            .paged()
            .answers(200, "SecretList")
            .by(SecretRoutes::list),
        Route.post(SECRETS, "createSecret", "Stores a secret under a new name.")
            .reads(Route.Body.json("NewSecret", SECRET_BODY_MAX))
            .answers(201, "SecretAnswer")
            .refuses(409, "There is a secret of this name.")
            .by(SecretRoutes::create),
        Route.put(SECRET, "putSecret", "Stores a secret, replacing one of the same name.")
            .reads(Route.Body.json("SecretValue", SECRET_BODY_MAX))
            .answersNothing()
            .by(SecretRoutes::put),
        Route.delete(SECRET, "deleteSecret", "Deletes a secret; absent is fine.")
            .answersNothing()
            .by(SecretRoutes::delete),
        Route.get(REGISTRIES, "listRegistries", "Lists the urls of registries.")
            .paged()
            .answers(200, "RegistryList")
            .by(SecretRoutes::listRegistries),
        Route.post(REGISTRIES, "createRegistry", "Stores the credentials of a new registry.")
            .reads(Route.Body.json("Registry", CREDENTIALS_BODY_MAX))
            .answers(201, "RegistryAnswer")
            .refuses(409, "There are credentials for this url.")
            .by(SecretRoutes::createRegistry),
        Route.put(REGISTRIES, "putRegistry", "Stores or replaces the credentials of a registry.")
            .reads(Route.Body.json("Registry", CREDENTIALS_BODY_MAX))
            .answersNothing()
            .by(SecretRoutes::replaceRegistry),
        Route.delete(REGISTRIES, "deleteRegistry", "Deletes a registry; absent is fine.")
            .query(URL)
            .answersNothing()
            .by(SecretRoutes::deleteRegistry));
  }

  private static Answer list(Call call) {
    call.api().namespace(call.namespace());
    return Answer.list(
        call.api().secrets(call.namespace(), call.page()),
        call.page(),
        name -> JsonObject.of("name", Json.of(name)));
  }

  private static Answer create(Call call) throws IOException {
    Document document = call.document("name", "data");
    String name = document.text("name");
    call.api().putSecret(call.namespace(), name, bytes(document), false);
    return Answer.data(201, JsonObject.of("name", Json.of(name)));
  }

  private static Answer put(Call call) throws IOException {
    byte[] value = bytes(call.document("data"));
    call.api().putSecret(call.namespace(), call.path("name"), value, true);
    return Answer.nothing();
  }

  private static byte[] bytes(Document document) {
    return document.text("data").getBytes(StandardCharsets.UTF_8);
  }

  private static Answer delete(Call call) {
    call.api().namespace(call.namespace());
    call.api().deleteSecret(call.namespace(), call.path("name"));
    return Answer.nothing();
  }

  private static Answer listRegistries(Call call) {
    call.api().namespace(call.namespace());
    return Answer.list(
        call.api().registries(call.namespace(), call.page()),
        call.page(),
        url -> JsonObject.of("url", Json.of(url)));
  }

  private static Answer createRegistry(Call call) throws IOException {
    return Answer.data(201, JsonObject.of("url", Json.of(saveRegistry(call, false))));
  }

  private static Answer replaceRegistry(Call call) throws IOException {
    saveRegistry(call, true);
    return Answer.nothing();
  }

  private static String saveRegistry(Call call, boolean replaces) throws IOException {
    Document document = call.document("url", "user", "password");
    String credentials = document.text("user") + ":" + document.text("password");
    String url = document.text("url");
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    call.api().putRegistry(call.namespace(), url, bytes, replaces);
    return url;
  }

  private static Answer deleteRegistry(Call call) {
    call.api().namespace(call.namespace());
    call.api().deleteRegistry(call.namespace(), call.required("url"));
    return Answer.nothing();
  }
}
