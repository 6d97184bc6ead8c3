import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A function of Direktiv: it is sent its input by POST and answers with its result, both JSON. */
public final class Function {
  private static final Pattern NAME = Pattern.compile("\"name\"\\s*:\\s*\"([^\"\\\\]+)\"");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** What the workflow can catch by its code. */
  static final class FunctionException extends Exception {
    final String code;

    FunctionException(String code, String message) {
      super(message);
      this.code = code;
    }
  }

  /** The work. {@code log} writes a line to the instance's log. Take a JSON library for more. */
  static String call(String input, Consumer<String> log) throws FunctionException {
    Matcher name = NAME.matcher(input);
    if (!name.find()) {
      throw new FunctionException("greet.noName", "the input has no name");
    }
    log.accept("greeting " + name.group(1));
    return "{\"greeting\":\"Hello, " + name.group(1) + "!\"}";
  }

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", Function::handle);
    server.start();
  }

  private static void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (!exchange.getRequestMethod().equals("POST")) {
        // DELETE: the action was cancelled; this function is too quick to care.
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      String action = exchange.getRequestHeaders().getFirst("Direktiv-ActionID");
      try {
        byte[] result = call(body, text -> log(action, text)).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, result.length);
        exchange.getResponseBody().write(result);
      } catch (FunctionException e) {
        exchange.getResponseHeaders().set("Direktiv-ErrorCode", e.code);
        exchange.getResponseHeaders().set("Direktiv-ErrorMessage", e.getMessage());
        exchange.sendResponseHeaders(500, -1);
      }
    }
  }

  private static void log(String action, String text) {
    try {
      String name = URLEncoder.encode(action == null ? "" : action, StandardCharsets.UTF_8);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:8889/log?aid=" + name))
              .timeout(Duration.ofSeconds(2))
              .POST(HttpRequest.BodyPublishers.ofString(text))
              .build();
      CLIENT.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      System.err.println(text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
