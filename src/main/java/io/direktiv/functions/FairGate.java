package io.direktiv.functions;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Lets a bounded number of calls in at a time. When it is full, namespaces take turns, so that one
/// with a thousand calls does not keep another one's single call waiting: a namespace's first
/// ticket comes in after at most one ticket of each other namespace that waits. How many wait is
/// bounded for each namespace alone, so that nobody fills the queue of another. Safe for use by
/// many threads.
final class FairGate {
  private final Map<String, ArrayDeque<Ticket>> queues = new LinkedHashMap<>();
  private int free;
  private final int waitingMax;

  FairGate(int places) {
    this(places, Limits.WAITING_MAX);
  }

  /// @param waitingMax tickets of one namespace that may wait
  FairGate(int places, int waitingMax) {
    free = places;
    this.waitingMax = waitingMax;
  }

  /// A wish to come in; `isIn` completes with true when it may, with false when it was given up.
  static final class Ticket {
    private final String namespace;
    private final CompletableFuture<Boolean> isIn = new CompletableFuture<>();

    private Ticket(String namespace) {
      this.namespace = namespace;
    }

    /// True once it may come in or was given up.
    boolean isDecided() {
      return isIn.isDone();
    }

    /// Blocks until it may come in or was given up.
    boolean await() {
      return isIn.join();
    }
  }

  /// Draws a ticket; too many of its namespace wait when it is given up at once.
  synchronized Ticket draw(String namespace) {
    Ticket ticket = new Ticket(namespace);
    if (free > 0) {
      free--;
      ticket.isIn.complete(true);
    } else {
      ArrayDeque<Ticket> queue = queues.computeIfAbsent(namespace, _ -> new ArrayDeque<>());
      if (queue.size() >= waitingMax) {
        ticket.isIn.complete(false);
      } else {
        queue.add(ticket);
      }
    }
    return ticket;
  }

  /// Gives up a ticket that still waits; one that is in stays in.
  synchronized void giveUp(Ticket ticket) {
    ArrayDeque<Ticket> queue = queues.get(ticket.namespace);
    if (queue != null && queue.remove(ticket)) {
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
    if (!queue.isEmpty()) {
      queues.put(namespace, queue);
    }
    next.isIn.complete(true);
  }
}
