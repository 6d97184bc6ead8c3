package io.direktiv.functions.reach;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The program of a [Relay]: it runs in the user namespace around the sandboxes, where its user may
/// enter their networks, and ends with whoever started it.
///
/// It serves the sockets of one folder that is its user's only, so it believes what it is asked;
/// what comes out of a sandbox are bytes to it.
public final class RelayMain {
  private static final int BACKLOG = 128;

  private final Path folder;
  private final Map<String, RelayedSandbox> entered = new ConcurrentHashMap<>();

  private RelayMain(Path folder) {
    this.folder = folder;
  }

  /// Serves the socket [RelayWords#DOOR] in the folder `arguments[0]` until standard input ends.
  public static void main(String... arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    door.bind(UnixDomainSocketAddress.of(folder.resolve(RelayWords.DOOR)), BACKLOG);
    Thread.ofVirtual().start(() -> new RelayMain(folder).accept(door));
    System.out.println(RelayWords.READY);
    while (System.in.read() >= 0) {
      // Nobody writes there: it ends with the one who started this.
    }
    Runtime.getRuntime().halt(0);
  }

  private void accept(ServerSocketChannel door) {
    try {
      while (true) {
        SocketChannel asked = door.accept();
        Thread.ofVirtual().start(() -> serve(asked));
      }
    } catch (IOException e) {
      System.err.println("the relay's socket fails: " + e.getMessage());
      Runtime.getRuntime().halt(1);
    }
  }

  private void serve(SocketChannel asked) {
    try (asked) {
      String[] words = RelayWords.hear(asked).split(" ");
      try {
        answer(asked, words);
      } catch (ConnectException _) {
        RelayWords.say(asked, RelayWords.REFUSED);
      } catch (IOException | RuntimeException e) {
        RelayWords.say(asked, RelayWords.NO + e.getMessage());
      }
    } catch (IOException _) {
      // Who asked is gone.
    }
  }

  private void answer(SocketChannel asked, String[] words) throws IOException {
    switch (words[0]) {
      case RelayWords.ENTER -> enter(asked, words[1], Long.parseLong(words[2]), words[3]);
      case RelayWords.CONNECT -> sandbox(words[1]).connect(asked, Integer.parseInt(words[2]));
      case RelayWords.LISTEN -> {
        sandbox(words[1]).listen(Integer.parseInt(words[2]), words[3]);
        RelayWords.say(asked, RelayWords.YES);
      }
      default -> throw new IOException("\"" + words[0] + "\" is no question");
    }
  }

  private RelayedSandbox sandbox(String key) throws IOException {
    return Optional.ofNullable(entered.get(key))
        .orElseThrow(() -> new IOException("the sandbox has ended"));
  }

  private void enter(SocketChannel asked, String key, long pid, String name) throws IOException {
    NetworkNamespace network = NetworkNamespace.of(pid);
    RelayedSandbox sandbox = new RelayedSandbox(network, folder);
    try (sandbox) {
      if (!network.name().equals(name)) {
        throw new IOException("the sandbox has ended");
      }
      entered.put(key, sandbox);
      RelayWords.say(asked, RelayWords.YES);
      RelayWords.hear(asked);
    } finally {
      entered.remove(key);
    }
  }
}
