package io.direktiv.store;

import static io.direktiv.store.Samples.NOON;
import static io.direktiv.store.Samples.acting;
import static io.direktiv.store.Samples.action;
import static io.direktiv.store.Samples.ended;
import static io.direktiv.store.Samples.event;
import static io.direktiv.store.Samples.holding;
import static io.direktiv.store.Samples.id;
import static io.direktiv.store.Samples.instance;
import static io.direktiv.store.Samples.line;
import static io.direktiv.store.Samples.listener;
import static io.direktiv.store.Samples.namespace;
import static io.direktiv.store.Samples.revision;
import static io.direktiv.store.Samples.uid;
import static io.direktiv.store.Samples.visit;
import static io.direktiv.store.Samples.waiting;
import static io.direktiv.store.Samples.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Activity;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.ListenerId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Status;
import io.direktiv.engine.TimerId;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.store.ActionRecord.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store does, tested once for each.
public abstract class StoreContract {
  private static final Page FIRST = Page.ALL;
  private static final InstanceId A = id("demo", "greet", "aaaaaa");
  private static final InstanceId B = id("demo", "greet", "bbbbbb");

  /// The store under test.
  protected Store store;

  /// Opens an empty store.
  protected abstract Store open();

  @BeforeEach
  void fill() {
    store = open();
    commit(
        new Change.CreateNamespace(namespace("demo")),
        new Change.CreateWorkflow(workflow("demo", "greet")));
  }

  @AfterEach
  void close() {
    store.close();
  }

  /// Commits and waits.
  protected void commit(Change... changes) {
    store.commit(List.of(changes)).join();
  }

  private void refused(ConflictException.Kind kind, String message, Change... changes) {
    assertThatThrownBy(() -> commit(changes))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ConflictException.class, conflict -> assertThat(conflict.kind()).isEqualTo(kind))
        .hasMessage(message);
  }

  private Instance loaded(InstanceId id) {
    return store.instances().load(id).orElseThrow();
  }

  private void begin(InstanceId id) {
    commit(new Change.CreateInstance(instance(id), Optional.empty()));
  }

  // ---- commits ----

  @Test
  void writesNothingOfACallThatIsRefused() {
    refused(
        ConflictException.Kind.EXISTS,
        "namespace 'demo' already exists",
        new Change.CreateNamespace(namespace("other")),
        new Change.CreateInstance(instance(A), Optional.of("key")),
        new Change.PutTimer(new TimerId(A, "kill"), NOON),
        new Change.CreateNamespace(namespace("demo")));

    assertThat(store.definitions().namespace("other")).isEmpty();
    assertThat(store.instances().load(A)).isEmpty();
    assertThat(store.instances().byStartKey("demo", "key")).isEmpty();
    assertThat(store.waits().timers(Optional.empty(), Instant.MAX.minusSeconds(1), 9)).isEmpty();
  }

  @Test
  void undoesARefusedCallAloneAmongOthers() {
    List<CompletableFuture<Void>> calls = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String name = "n" + i % 25;
      calls.add(store.commit(List.of(new Change.CreateNamespace(namespace(name)))));
    }

    long failed = calls.stream().filter(call -> call.handle((_, e) -> e != null).join()).count();
    assertThat(failed).isEqualTo(25);
    assertThat(store.definitions().namespaces(FIRST).total()).isEqualTo(26);
  }

  @Test
  void appliesCallsInTheOrderTheyWereMade() {
    begin(A);
    CompletableFuture<?>[] calls =
        IntStream.rangeClosed(2, 200)
            .mapToObj(i ->
                store.commit(
                    List.of(
                        new Change.SaveInstance(
                            holding(A, i, JsonObject.of("i", Json.of((long) i)))))))
            .toArray(CompletableFuture[]::new);

    CompletableFuture.allOf(calls).join();
    assertThat(loaded(A).sequence()).isEqualTo(200);
  }

  @Test
  void countsCommits() {
    long before = store.statistics().commits();
    commit(new Change.CreateNamespace(namespace("other")));
    assertThat(store.statistics().commits()).isEqualTo(before + 1);
  }

  @Test
  void refusesToCommitOnceClosedAndClosesTwice() {
    store.close();
    store.close();
    assertThatThrownBy(() -> commit(new Change.CreateNamespace(namespace("late"))))
        .cause()
        .isInstanceOf(StoreException.class)
        .hasMessage("the store is closed");
  }

  // ---- namespaces and workflows ----

  @Test
  void listsNamespacesByNameInPages() {
    commit(
        new Change.CreateNamespace(namespace("zoo")), new Change.CreateNamespace(namespace("abc")));

    Listing<NamespaceRecord> page = store.definitions().namespaces(new Page(1, 1));
    assertThat(page.total()).isEqualTo(3);
    assertThat(page.items()).extracting(NamespaceRecord::name).containsExactly("demo");
    NamespaceRecord found = store.definitions().namespace("zoo").orElseThrow();
    assertThat(found.createdAt()).isEqualTo(NOON);
    assertThat(found.wrappedKey()).containsExactly(1, 2, 3);
  }

  @Test
  void refusesToDeleteWhatIsAbsent() {
    refused(
        ConflictException.Kind.ABSENT,
        "namespace 'none' does not exist",
        new Change.DeleteNamespace("none"));
    refused(
        ConflictException.Kind.ABSENT,
        "workflow 'none' does not exist",
        new Change.DeleteWorkflow("none"));
    refused(
        ConflictException.Kind.ABSENT,
        "token 'none' does not exist",
        new Change.DeleteToken("none"));
  }

  @Test
  void refusesAWorkflowOfATakenIdOrAnAbsentNamespace() {
    refused(
        ConflictException.Kind.EXISTS,
        "workflow 'greet' already exists",
        new Change.CreateWorkflow(workflow("demo", "greet")));
    refused(
        ConflictException.Kind.ABSENT,
        "namespace 'none' does not exist",
        new Change.CreateWorkflow(workflow("none", "greet")));
  }

  @Test
  void readsWorkflowsByIdAndUid() {
    commit(new Change.CreateWorkflow(workflow("demo", "answer")));

    WorkflowRecord greet = workflow("demo", "greet");
    assertThat(store.definitions().workflow("demo", "greet")).contains(greet);
    assertThat(store.definitions().workflow(greet.uid())).contains(greet);
    assertThat(store.definitions().workflow("demo", "none")).isEmpty();
    assertThat(store.definitions().workflows("demo", FIRST).items())
        .extracting(WorkflowRecord::id)
        .containsExactly("answer", "greet");
    assertThat(store.definitions().workflows("none", FIRST).total()).isZero();
  }

  @Test
  void keepsTheSourceOfARevisionWhileAnInstanceNeedsIt() {
    begin(A);
    commit(new Change.UpdateWorkflow(revision("demo", "greet", 1), 0));
    commit(new Change.UpdateWorkflow(revision("demo", "greet", 2), 1));

    String uid = uid("demo", "greet");
    assertThat(store.definitions().source(uid, 0)).contains("id: greet # 0");
    assertThat(store.definitions().source(uid, 1)).isEmpty();
    assertThat(store.definitions().source(uid, 2)).contains("id: greet # 2");
    assertThat(store.definitions().workflow(uid).orElseThrow().revision()).isEqualTo(2);
  }

  @Test
  void refusesAnUpdateOfWhatSomebodyElseChanged() {
    commit(new Change.UpdateWorkflow(revision("demo", "greet", 1), 0));
    refused(
        ConflictException.Kind.CHANGED,
        "workflow 'greet' has been changed by somebody else",
        new Change.UpdateWorkflow(revision("demo", "greet", 1), 0));
    refused(
        ConflictException.Kind.ABSENT,
        "workflow 'none' does not exist",
        new Change.UpdateWorkflow(revision("demo", "none", 1), 0));
  }

  @Test
  void refusesAnUpdateToATakenId() {
    commit(new Change.CreateWorkflow(workflow("demo", "other")));
    WorkflowRecord greet = workflow("demo", "greet");
    WorkflowRecord renamed =
        new WorkflowRecord(greet.uid(), "demo", "other", 1, true, NOON, NOON, "", "", "id: other");
    refused(
        ConflictException.Kind.EXISTS,
        "workflow 'other' already exists",
        new Change.UpdateWorkflow(renamed, 0));
  }

  // ---- instances ----

  @Test
  void givesBackAnInstanceAsItWasStored() {
    begin(A);
    assertThat(loaded(A)).isEqualTo(instance(A));
    assertThat(store.instances().load(B)).isEmpty();
  }

  @Test
  void givesBackLargeDataAsItWasStored() {
    begin(A);
    JsonObject large = JsonObject.of("text", Json.of("ü".repeat(100_000)));
    commit(new Change.SaveInstance(holding(A, 2, large)));
    assertThat(loaded(A).data()).isEqualTo(large);
    commit(new Change.SaveInstance(holding(A, 3, JsonObject.EMPTY)));
    assertThat(loaded(A).data()).isEqualTo(JsonObject.EMPTY);
  }

  @Test
  void refusesAnInstanceOfATakenIdOrStartKeyOrAbsentWorkflow() {
    commit(new Change.CreateInstance(instance(A), Optional.of("once")));
    refused(
        ConflictException.Kind.EXISTS,
        "instance '" + A + "' already exists",
        new Change.CreateInstance(instance(A), Optional.empty()));
    refused(
        ConflictException.Kind.EXISTS,
        "an instance started by once already exists",
        new Change.CreateInstance(instance(B), Optional.of("once")));
    refused(
        ConflictException.Kind.ABSENT,
        "namespace 'none' does not exist",
        new Change.CreateInstance(instance(id("none", "greet", "aaaaaa")), Optional.empty()));
    refused(
        ConflictException.Kind.ABSENT,
        "workflow 'none' does not exist",
        new Change.CreateInstance(instance(id("demo", "none", "aaaaaa")), Optional.empty()));
    assertThat(store.instances().byStartKey("demo", "once")).contains(A);
    assertThat(store.instances().load(B)).isEmpty();
  }

  @Test
  void refusesASecondWriterOfAnInstance() {
    begin(A);
    commit(new Change.SaveInstance(holding(A, 2, JsonObject.EMPTY)));
    refused(
        ConflictException.Kind.CHANGED,
        "instance '" + A + "' has been changed by somebody else",
        new Change.SaveInstance(holding(A, 2, JsonObject.EMPTY)));
    refused(
        ConflictException.Kind.ABSENT,
        "instance '" + B + "' does not exist",
        new Change.SaveInstance(holding(B, 2, JsonObject.EMPTY)));
  }

  @Test
  void listsInstancesNewestFirstWithFilters() {
    commit(new Change.CreateWorkflow(workflow("demo", "other")));
    InstanceId c = id("demo", "other", "cccccc");
    begin(A);
    begin(B);
    begin(c);
    commit(new Change.SaveInstance(ended(B, 2, Status.FAILED, NOON.plusSeconds(9))));

    InstanceQuery all = InstanceQuery.of("demo");
    assertThat(ids(all)).containsExactly(c, B, A);
    assertThat(ids(query(Optional.of("greet"), Set.of()))).containsExactly(B, A);
    assertThat(ids(query(Optional.empty(), Set.of(Status.FAILED, Status.CRASHED))))
        .containsExactly(B);
    assertThat(ids(between(Optional.of(NOON), Optional.empty()))).hasSize(3);
    assertThat(ids(between(Optional.empty(), Optional.of(NOON)))).isEmpty();
    assertThat(ids(InstanceQuery.of("none"))).isEmpty();
    Listing<InstanceSummary> second = store.instances().list(all, new Page(1, 1));
    assertThat(second.total()).isEqualTo(3);
    assertThat(second.items().getFirst())
        .isEqualTo(
            new InstanceSummary(
                B,
                Status.FAILED,
                NOON,
                Optional.of(NOON.plusSeconds(9)),
                "api",
                Optional.of("my.code")));
  }

  private List<InstanceId> ids(InstanceQuery query) {
    return store.instances().list(query, FIRST).items().stream().map(InstanceSummary::id).toList();
  }

  private static InstanceQuery query(Optional<String> workflow, Set<Status> statuses) {
    return new InstanceQuery("demo", workflow, statuses, Optional.empty(), Optional.empty());
  }

  private static InstanceQuery between(Optional<Instant> from, Optional<Instant> before) {
    return new InstanceQuery("demo", Optional.empty(), Set.of(), from, before);
  }

  @Test
  void findsInstancesThatAreToBeRunOn() {
    begin(A);
    begin(B);
    InstanceId c = id("demo", "greet", "cccccc");
    begin(c);
    commit(new Change.SaveInstance(waiting(B, 2, new Activity.Sleeping())));

    assertThat(store.instances().ready(Optional.empty(), 1)).containsExactly(A);
    assertThat(store.instances().ready(Optional.of(A), 10)).containsExactly(c);
    commit(new Change.SaveInstance(ended(A, 2, Status.COMPLETE, NOON)));
    assertThat(store.instances().ready(Optional.empty(), 10)).containsExactly(c);
  }

  @Test
  void countsTheLivingSubflowsBelowAnInstance() {
    InstanceId child = id("demo", "greet", "cccccc");
    InstanceId grandchild = id("demo", "greet", "dddddd");
    begin(A);
    commit(new Change.CreateInstance(subflow(child, A, 1), Optional.empty()));
    commit(new Change.CreateInstance(subflow(grandchild, child, 2), Optional.empty()));

    assertThat(store.instances().living(A, 10)).isEqualTo(2);
    assertThat(store.instances().living(A, 1)).isEqualTo(1);
    assertThat(store.instances().living(child, 10)).isZero();
    commit(new Change.SaveInstance(ended(child, 2, Status.COMPLETE, NOON)));
    assertThat(store.instances().living(A, 10)).isEqualTo(1);
  }

  private static Instance subflow(InstanceId id, InstanceId caller, int depth) {
    Instance api = instance(id);
    return new Instance(
        id,
        api.workflow(),
        api.revision(),
        new Invoker.Subflow(new ActionId(caller, 1, 0), A, "a", depth, true),
        api.input(),
        api.beganAt(),
        api.sequence(),
        api.stateId(),
        api.step(),
        api.flow(),
        api.data(),
        api.attempt(),
        api.enteredAt(),
        api.activity(),
        api.raised(),
        api.ending());
  }

  @Test
  void pagesHistoryAndLogsAcrossAppends() {
    begin(A);
    for (int i = 0; i < 10; i++) {
      commit(
          new Change.AppendHistory(
              A, List.of(visit(2 * i), visit(2 * i + 1)), List.of(line("l" + i))));
    }
    commit(new Change.AppendHistory(A, List.of(), List.of()));

    assertThat(store.instances().history(A, FIRST).items()).hasSize(20).contains(visit(7));
    var page = store.instances().history(A, new Page(5, 4));
    assertThat(page.items()).containsExactly(visit(5), visit(6), visit(7), visit(8));
    assertThat(page.total()).isEqualTo(20);
    var logs = store.instances().logs(A, new Page(8, 100));
    assertThat(logs.items()).extracting(LogLine::message).containsExactly("l8", "l9");
    assertThat(logs.total()).isEqualTo(10);
  }

  @Test
  void dropsHistoryOfAnInstanceThatIsGone() {
    commit(new Change.AppendHistory(A, List.of(visit(1)), List.of(line("late"))));
    assertThat(store.instances().logs(A, FIRST).total()).isZero();
  }

  @Test
  void remembersTheAnswerToAnIdempotencyKey() {
    begin(A);
    IdempotencyRecord record = new IdempotencyRecord("demo", "k", new byte[] {7}, A, NOON);
    commit(new Change.PutIdempotencyKey(record));

    IdempotencyRecord found = store.instances().byIdempotencyKey("demo", "k").orElseThrow();
    assertThat(found.instance()).isEqualTo(A);
    assertThat(found.bodyHash()).containsExactly(7);
    assertThat(found.at()).isEqualTo(NOON);
    assertThat(store.instances().byIdempotencyKey("other", "k")).isEmpty();
    refused(
        ConflictException.Kind.EXISTS,
        "idempotency key 'k' already exists",
        new Change.PutIdempotencyKey(record));
  }

  // ---- what waits ----

  @Test
  void readsActionsInPagesByIdAndWithoutAnsweredOnes() {
    begin(A);
    for (int i = 0; i < 5; i++) {
      commit(new Change.PutAction(action(A, i, Kind.FUNCTION)));
    }
    commit(
        new Change.FinishBranch(new ActionId(A, 1, 1), new Outcome.Returned(Json.of("one"))),
        new Change.DeleteAction(new ActionId(A, 1, 3)));

    List<ActionRecord> first = store.waits().actions(Optional.empty(), 2);
    assertThat(first).extracting(a -> a.id().branch()).containsExactly(0, 2);
    assertThat(first.getFirst()).isEqualTo(action(A, 0, Kind.FUNCTION));
    assertThat(store.waits().actions(Optional.of(first.getLast().id()), 9))
        .extracting(a -> a.id().branch())
        .containsExactly(4);
    assertThat(store.waits().action(new ActionId(A, 1, 1))).isPresent();
    assertThat(store.waits().action(new ActionId(A, 1, 3))).isEmpty();
  }

  @Test
  void putsOutcomesOfBranchesIntoTheLoadedRecord() {
    begin(A);
    Outcome failed = new Outcome.Failed(Failure.catchable("my.code", "why"));
    commit(
        new Change.SaveInstance(waiting(A, 2, acting(3))),
        new Change.PutAction(action(A, 0, Kind.FUNCTION)),
        new Change.PutAction(action(A, 1, Kind.FUNCTION)),
        new Change.PutAction(action(A, 2, Kind.FUNCTION)),
        new Change.FinishBranch(new ActionId(A, 1, 2), new Outcome.Returned(Json.of(2L))),
        new Change.FinishBranch(new ActionId(A, 1, 0), failed));

    Activity.Acting acting = (Activity.Acting) loaded(A).activity();
    assertThat(acting.finished()).isEqualTo(2);
    assertThat(acting.running()).isEqualTo(1);
    assertThat(acting.branches().get(0).outcome()).contains(failed);
    assertThat(acting.branches().get(1).outcome()).isEmpty();
    assertThat(acting.branches().get(2).outcome()).contains(new Outcome.Returned(Json.of(2L)));
  }

  @Test
  void forgetsAwaitedActionsOfAnInstanceAndKeepsCancellations() {
    begin(A);
    begin(B);
    ActionRecord async =
        new ActionRecord(
            new ActionId(A, 9, 0),
            Kind.FUNCTION,
            true,
            uid("demo", "greet"),
            0,
            "first",
            Optional.of(JsonArray.of(Json.of("data"))),
            1);
    commit(
        new Change.PutAction(action(A, 0, Kind.FUNCTION)),
        new Change.PutAction(action(A, 1, Kind.CANCEL)),
        new Change.PutAction(async),
        new Change.PutAction(action(B, 0, Kind.SUBFLOW)),
        new Change.DeleteActionsOf(A));

    assertThat(store.waits().actions(Optional.empty(), 9))
        .containsExactly(action(A, 1, Kind.CANCEL), async, action(B, 0, Kind.SUBFLOW));
  }

  @Test
  void refusesWhatAnUnwantedActionWouldStart() {
    begin(A);
    commit(new Change.PutAction(action(A, 0, Kind.SUBFLOW)));
    commit(new Change.RequireAction(new ActionId(A, 1, 0)));
    commit(new Change.PutAction(action(A, 0, Kind.CANCEL)));

    refused(
        ConflictException.Kind.ABSENT,
        "action '" + A + ":1:0' does not exist",
        new Change.RequireAction(new ActionId(A, 1, 0)),
        new Change.CreateInstance(instance(B), Optional.empty()));
    refused(
        ConflictException.Kind.ABSENT,
        "action '" + A + ":1:5' does not exist",
        new Change.RequireAction(new ActionId(A, 1, 5)));
  }

  @Test
  void readsTimersByTimeInPagesAlsoWhenTimesAreEqual() {
    begin(A);
    List<String> names = List.of("a", "b", "c", "d");
    names.forEach(name -> commit(new Change.PutTimer(new TimerId(A, name), NOON)));
    commit(new Change.PutTimer(new TimerId(A, "early"), NOON.minusSeconds(1)));
    commit(new Change.PutTimer(new TimerId(A, "late"), NOON.plusSeconds(1)));
    commit(new Change.PutTimer(new TimerId(A, "late"), NOON.plusSeconds(99)));
    commit(new Change.DeleteTimer(new TimerId(A, "b")), new Change.DeleteTimer(new TimerId(A, "")));

    List<String> read = new ArrayList<>();
    Optional<Waits.DueTimer> after = Optional.empty();
    List<Waits.DueTimer> page;
    do {
      page = store.waits().timers(after, NOON.plusSeconds(50), 2);
      page.forEach(timer -> read.add(timer.timer().name()));
      after = page.isEmpty() ? after : Optional.of(page.getLast());
    } while (!page.isEmpty());
    assertThat(read).containsExactly("early", "a", "c", "d");
    assertThat(store.waits().hasTimer(new TimerId(A, "late"))).isTrue();
    assertThat(store.waits().hasTimer(new TimerId(A, "b"))).isFalse();
  }

  @Test
  void findsListenersByTypeOldestFirst() {
    commit(new Change.CreateWorkflow(workflow("demo", "other")));
    ListenerRecord both = listener("demo", "greet", "greeting", "farewell");
    ListenerRecord one = listener("demo", "other", "greeting");
    commit(new Change.PutListener(both));
    commit(new Change.PutListener(one));

    assertThat(store.waits().listeners("demo", "greeting"))
        .extracting(ListenerRecord::id)
        .containsExactly(both.id(), one.id());
    ListenerRecord found = store.waits().listeners("demo", "farewell").getFirst();
    assertThat(found).isEqualTo(both.at(found.order()));
    assertThat(found.order()).isPositive();
    assertThat(store.waits().listeners("demo", "other")).isEmpty();
    assertThat(store.waits().listeners("none", "greeting")).isEmpty();
    commit(new Change.PutListener(listener("demo", "greet", "other")));
    assertThat(store.waits().listeners("demo", "greeting")).hasSize(1);
    assertThat(store.waits().listeners("demo", FIRST).total()).isEqualTo(2);
    commit(new Change.DeleteListener(both.id()), new Change.DeleteListener("none"));
    assertThat(store.waits().listeners("demo", "other")).isEmpty();
  }

  @Test
  void keepsTheSetsOfAListenerUnlessItWasReplaced() {
    commit(new Change.PutListener(listener("demo", "greet", "greeting")));
    ListenerRecord first = store.waits().listeners("demo", "greeting").getFirst();
    Json sets = JsonArray.of(Json.of("a set"));
    commit(new Change.PutSets(first.id(), first.order(), sets));
    assertThat(store.waits().listeners("demo", "greeting").getFirst().sets()).isEqualTo(sets);

    commit(new Change.PutListener(listener("demo", "greet", "greeting")));
    commit(
        new Change.PutSets(first.id(), first.order(), sets), new Change.PutSets("none", 1, sets));

    assertThat(store.waits().listeners("demo", "greeting").getFirst().sets())
        .isEqualTo(JsonArray.EMPTY);
  }

  @Test
  void deliversEventsInTheOrderOfTheirArrival() {
    commit(new Change.PutEvent(event("demo", "e1")));
    commit(new Change.PutEvent(event("demo", "e2")), new Change.PutEvent(event("demo", "e3")));
    commit(new Change.PutListener(listener("demo", "greet", "greeting")));

    List<EventRecord> waiting = store.waits().undelivered("demo", 0, 9);
    assertThat(waiting).extracting(e -> e.event().id()).containsExactly("e1", "e2", "e3");
    assertThat(store.waits().undelivered("demo", waiting.getFirst().order(), 1))
        .extracting(e -> e.event().id())
        .containsExactly("e2");
    assertThat(store.waits().listeners("demo", "greeting").getFirst().order())
        .isGreaterThan(waiting.getLast().order());

    commit(new Change.FinishEvent("demo", waiting.getFirst().order(), List.of(A.toString())));
    assertThat(store.waits().undelivered("demo", 0, 9)).hasSize(2);
    assertThat(store.waits().undelivered("demo", 9)).isEqualTo(2);
    assertThat(store.waits().undelivered("demo", 1)).isEqualTo(1);
    EventRecord delivered = store.waits().event("demo", "tests", "e1").orElseThrow();
    assertThat(delivered.isDelivered()).isTrue();
    assertThat(delivered.caused()).containsExactly(A.toString());
    assertThat(store.waits().events("demo", new Page(0, 2)).items())
        .extracting(e -> e.event().id())
        .containsExactly("e3", "e2");
  }

  @Test
  void refusesAnEventThatIsKnown() {
    commit(new Change.PutEvent(event("demo", "e1")));
    refused(
        ConflictException.Kind.EXISTS,
        "event 'e1' already exists",
        new Change.PutEvent(event("demo", "e1")));
    refused(
        ConflictException.Kind.ABSENT,
        "namespace 'none' does not exist",
        new Change.PutEvent(event("none", "e1")));
  }

  // ---- holdings ----

  @Test
  void keepsVariablesOfEveryOwnerApart() {
    begin(A);
    List<VariableOwner> owners =
        List.of(
            new VariableOwner.OfNamespace("demo"),
            new VariableOwner.OfWorkflow("demo", uid("demo", "greet")),
            new VariableOwner.OfInstance(A));
    for (int i = 0; i < owners.size(); i++) {
      commit(variable(owners.get(i), "x", NOON, i), variable(owners.get(i), "a", NOON, i));
    }
    commit(variable(owners.get(1), "x", NOON.plusSeconds(5), 9));

    assertThat(store.holdings().variable(owners.get(0), "x").orElseThrow().value())
        .containsExactly(0);
    VariableRecord changed = store.holdings().variable(owners.get(1), "x").orElseThrow();
    assertThat(changed.value()).containsExactly(9);
    assertThat(changed.createdAt()).isEqualTo(NOON);
    assertThat(changed.updatedAt()).isEqualTo(NOON.plusSeconds(5));
    assertThat(store.holdings().variables(owners.get(2), FIRST).items())
        .extracting(VariableRecord::key)
        .containsExactly("a", "x");
    commit(new Change.DeleteVariable(owners.get(2), "x"));
    assertThat(store.holdings().variable(owners.get(2), "x")).isEmpty();
    assertThat(store.holdings().variable(owners.get(0), "x")).isPresent();
  }

  private static Change variable(VariableOwner owner, String key, Instant at, int value) {
    return new Change.PutVariable(
        new VariableRecord(owner, key, new byte[] {(byte) value}, "text/plain", at, at));
  }

  @Test
  void keepsSecretsAndRegistries() {
    SecretRecord secret = new SecretRecord("demo", "s", new byte[] {4}, NOON);
    RegistryRecord registry = new RegistryRecord("demo", "r", new byte[] {5}, NOON);
    commit(new Change.PutSecret(secret, false), new Change.PutRegistry(registry, false));
    refused(
        ConflictException.Kind.EXISTS,
        "secret 's' already exists",
        new Change.PutSecret(secret, false));
    refused(
        ConflictException.Kind.EXISTS,
        "registry 'r' already exists",
        new Change.PutRegistry(registry, false));
    commit(
        new Change.PutSecret(new SecretRecord("demo", "s", new byte[] {6}, NOON), true),
        new Change.PutRegistry(new RegistryRecord("demo", "r", new byte[] {7}, NOON), true));

    assertThat(store.holdings().secret("demo", "s").orElseThrow().sealed()).containsExactly(6);
    assertThat(store.holdings().secrets("demo", FIRST).items()).hasSize(1);
    assertThat(store.holdings().registries("demo", FIRST).items().getFirst().sealed())
        .containsExactly(7);
    commit(new Change.DeleteSecret("demo", "s"), new Change.DeleteRegistry("demo", "r"));
    assertThat(store.holdings().secret("demo", "s")).isEmpty();
    assertThat(store.holdings().registries("demo", FIRST).total()).isZero();
  }

  @Test
  void keepsTokens() {
    TokenRecord token =
        new TokenRecord(
            "ci", new byte[] {1, 2}, Optional.of("demo"), NOON, Optional.of(NOON.plusSeconds(1)));
    commit(new Change.CreateToken(token));
    refused(
        ConflictException.Kind.EXISTS, "token 'ci' already exists", new Change.CreateToken(token));

    TokenRecord found = store.holdings().token(new byte[] {1, 2}).orElseThrow();
    assertThat(found.name()).isEqualTo("ci");
    assertThat(found.namespace()).contains("demo");
    assertThat(found.expiresAt()).contains(NOON.plusSeconds(1));
    assertThat(store.holdings().token(new byte[] {9})).isEmpty();
    assertThat(store.holdings().tokens()).hasSize(1);
    commit(new Change.DeleteToken("ci"));
    assertThat(store.holdings().tokens()).isEmpty();
  }

  // ---- deletion ----

  /// Gives an instance everything that an instance can own.
  private void furnish(InstanceId id) {
    VariableOwner owner = new VariableOwner.OfInstance(id);
    ListenerRecord of = listener(id.namespace(), id.workflow(), "greeting");
    ListenerRecord listener =
        new ListenerRecord(
            id + ":1",
            id.namespace(),
            new ListenerRecord.Owner.OfInstance(new ListenerId(id, 1)),
            0,
            NOON,
            of.filters(),
            false,
            Optional.empty(),
            List.of(),
            JsonArray.EMPTY);
    commit(
        new Change.CreateInstance(instance(id), Optional.of("start " + id)),
        new Change.PutAction(action(id, 0, Kind.FUNCTION)),
        new Change.PutTimer(new TimerId(id, "kill"), NOON),
        new Change.PutListener(listener),
        new Change.AppendHistory(id, List.of(visit(1)), List.of(line("hello"))),
        variable(owner, "x", NOON, 1));
  }

  private void assertGone(InstanceId id) {
    assertThat(store.instances().load(id)).isEmpty();
    assertThat(store.instances().byStartKey(id.namespace(), "start " + id)).isEmpty();
    assertThat(store.waits().action(new ActionId(id, 1, 0))).isEmpty();
    assertThat(store.waits().hasTimer(new TimerId(id, "kill"))).isFalse();
    assertThat(store.waits().listeners(id.namespace(), FIRST).items())
        .noneMatch(listener -> listener.id().equals(id + ":1"));
    assertThat(store.instances().history(id, FIRST).total()).isZero();
    assertThat(store.instances().logs(id, FIRST).total()).isZero();
    assertThat(store.holdings().variable(new VariableOwner.OfInstance(id), "x")).isEmpty();
  }

  @Test
  void deletesAWorkflowWithAllThatBelongsToIt() {
    commit(new Change.CreateWorkflow(workflow("demo", "other")));
    InstanceId kept = id("demo", "other", "oooooo");
    furnish(A);
    furnish(kept);
    VariableOwner owner = new VariableOwner.OfWorkflow("demo", uid("demo", "greet"));
    commit(
        variable(owner, "x", NOON, 1),
        new Change.PutListener(listener("demo", "greet", "greeting")));

    commit(new Change.DeleteWorkflow(uid("demo", "greet")));

    assertGone(A);
    assertThat(store.definitions().workflow("demo", "greet")).isEmpty();
    assertThat(store.definitions().source(uid("demo", "greet"), 0)).isEmpty();
    assertThat(store.holdings().variable(owner, "x")).isEmpty();
    assertThat(store.waits().listeners("demo", "greeting"))
        .extracting(ListenerRecord::id)
        .containsExactly(kept + ":1");
    assertThat(store.instances().load(kept)).isPresent();
    assertThat(store.instances().logs(kept, FIRST).total()).isEqualTo(1);
  }

  @Test
  void deletesANamespaceWithAllThatBelongsToIt() {
    commit(
        new Change.CreateNamespace(namespace("kept")),
        new Change.CreateWorkflow(workflow("kept", "greet")));
    InstanceId kept = id("kept", "greet", "kkkkkk");
    furnish(kept);
    furnish(A);
    VariableOwner owner = new VariableOwner.OfNamespace("demo");
    commit(
        variable(owner, "x", NOON, 1),
        new Change.PutSecret(new SecretRecord("demo", "s", new byte[] {4}, NOON), false),
        new Change.PutRegistry(new RegistryRecord("demo", "r", new byte[] {5}, NOON), false),
        new Change.PutIdempotencyKey(new IdempotencyRecord("demo", "k", new byte[] {7}, A, NOON)),
        new Change.PutEvent(event("demo", "e1")),
        new Change.CreateToken(
            new TokenRecord("t", new byte[] {1}, Optional.of("demo"), NOON, Optional.empty())));

    commit(new Change.DeleteNamespace("demo"));

    assertGone(A);
    assertThat(store.definitions().namespace("demo")).isEmpty();
    assertThat(store.definitions().workflows("demo", FIRST).total()).isZero();
    assertThat(store.holdings().variable(owner, "x")).isEmpty();
    assertThat(store.holdings().secrets("demo", FIRST).total()).isZero();
    assertThat(store.holdings().registries("demo", FIRST).total()).isZero();
    assertThat(store.instances().byIdempotencyKey("demo", "k")).isEmpty();
    assertThat(store.waits().events("demo", FIRST).total()).isZero();
    assertThat(store.holdings().tokens()).isEmpty();
    assertThat(store.instances().load(kept)).isPresent();
  }

  @Test
  void prunesInBatchesOldestFirstAndOnlyWhatHasEnded() {
    List<InstanceId> ids = List.of(A, B, id("demo", "greet", "cccccc"));
    ids.forEach(this::furnish);
    commit(
        new Change.SaveInstance(ended(A, 2, Status.COMPLETE, NOON.plusSeconds(2))),
        new Change.SaveInstance(ended(B, 2, Status.FAILED, NOON.plusSeconds(1))));
    commit(new Change.PutEvent(event("demo", "e1")), new Change.PutEvent(event("demo", "e2")));
    long first = store.waits().undelivered("demo", 0, 1).getFirst().order();
    commit(new Change.FinishEvent("demo", first, List.of()));
    for (String key : List.of("k1", "k2")) {
      commit(
          new Change.PutIdempotencyKey(
              new IdempotencyRecord("demo", key, new byte[] {7}, A, NOON)));
    }

    assertThat(store.prunable(NOON.minusSeconds(100), 10)).isZero();
    assertThat(store.prunable(NOON.plusSeconds(100), 10)).isEqualTo(2);
    assertThat(store.prunable(NOON.plusSeconds(100), 1)).isEqualTo(1);
    commit(new Change.Prune(NOON.plusSeconds(100), 1));
    assertGone(B);
    assertThat(store.instances().load(A)).isPresent();
    assertThat(store.waits().events("demo", FIRST).items())
        .extracting(e -> e.event().id())
        .containsExactly("e2");

    commit(new Change.Prune(NOON.plusSeconds(2), 10));
    assertThat(store.instances().load(A)).isPresent();
    commit(new Change.Prune(NOON.plusSeconds(3), 10));
    assertGone(A);
    assertThat(store.instances().byIdempotencyKey("demo", "k1")).isEmpty();
    assertThat(store.instances().byIdempotencyKey("demo", "k2")).isEmpty();
    assertThat(store.instances().load(ids.get(2))).isPresent();
  }
}
