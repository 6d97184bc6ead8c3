package io.direktiv.functions;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Lets a bounded number of calls in at a time. When it is full, namespaces take turns, so that one
/// with a thousand calls does not keep another one's single call waiting. Safe for use by many
/// threads.
final class FairGate {
  private final Map<String, ArrayDeque<Ticket>> queues = new LinkedHashMap<>();
  private int free;
  private int waiting;

  FairGate(int places) {
    free = places;
  }

  /// A wish to come in; `isIn` completes with true when it may, with false when it was given up.
  static final class Ticket {
    private final String namespace;
    private final CompletableFuture<Boolean> isIn = new CompletableFuture<>();

    private Ticket(String namespace) {
      this.namespace = namespace;
    }

    /// Blocks until it may come in or was given up.
    boolean await() {
      return isIn.join();
    }
  }

  /// Draws a ticket; the gate is full when it is given up at once.
  synchronized Ticket draw(String namespace) {
    Ticket ticket = new Ticket(namespace);
    if (free > 0) {
      free--;
      ticket.isIn.complete(true);
    } else if (waiting >= Limits.WAITING_MAX) {
      ticket.isIn.complete(false);
    } else {
      waiting++;
      queues.computeIfAbsent(namespace, _ -> new ArrayDeque<>()).add(ticket);
    }
    return ticket;
  }

  /// Gives up a ticket that still waits; one that is in stays in.
  synchronized void giveUp(Ticket ticket) {
    ArrayDeque<Ticket> queue = queues.get(ticket.namespace);
    if (queue != null && queue.remove(ticket)) {
      waiting--;
      if (queue.isEmpty()) {
        queues.remove(ticket.namespace);
      }
      ticket.isIn.complete(false);
    }
  }

  /// Gives a place back: the next namespace's first ticket takes it.
  synchronized void leave() {
    Iterator<Map.Entry<String, ArrayDeque<Ticket>>> turn = queues.entrySet().iterator();
    if (!turn.hasNext()) {
      free++;
      return;
    }
    Map.Entry<String, ArrayDeque<Ticket>> first = turn.next();
    String namespace = first.getKey();
    ArrayDeque<Ticket> queue = first.getValue();
    turn.remove();
    Ticket next = queue.remove();
    waiting--;
    if (!queue.isEmpty()) {
      queues.put(namespace, queue);
    }
    next.isIn.complete(true);
  }
}
