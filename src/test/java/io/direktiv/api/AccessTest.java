package io.direktiv.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.direktiv.engine.InstanceId;
import io.direktiv.execution.StartRequest;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.Listing;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.WorkflowRecord;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a caller of one namespace may touch. The list of methods is read from [Api], so that a new
/// method without a check fails here.
class AccessTest {
  private static final Set<String> OPEN =
      Set.of("validate", "authenticate", "namespaces", "statistics");
  private static final Api.Caller TENANT = new Api.Caller("tenant", Optional.of("mine"));

  static Stream<Method> guarded() {
    return Arrays.stream(Api.class.getMethods()).filter(method -> !OPEN.contains(method.getName()));
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void refusesWhatBelongsToAnotherNamespace(Method method) {
    // given
    Api api = Access.of(serverWithWorkflowOf("other"), TENANT);
    Object[] arguments = Arrays.stream(method.getParameterTypes()).map(this::foreign).toArray();

    // when, then
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> invoke(method, api, arguments))
        .returns(ApiException.Kind.FORBIDDEN, ApiException::kind)
        .withMessageStartingWith("the token 'tenant' opens only namespace 'mine'");
  }

  @Test
  void listsTheCallersNamespaceOnly() {
    // given
    Api api = Access.of(serverWithWorkflowOf("mine"), TENANT);

    // when
    Listing<NamespaceRecord> found = api.namespaces(Page.ALL);

    // then
    assertThat(found.items()).extracting(NamespaceRecord::name).containsExactly("mine");
    assertThat(found.total()).isEqualTo(1);
  }

  @Test
  void tellsNothingOfTheWholeServersStore() {
    assertThat(Access.of(serverWithWorkflowOf("mine"), TENANT).statistics()).isEmpty();
  }

  @Test
  void leavesTheCallersOwnNamespaceOpen() {
    // given
    Api api = Access.of(serverWithWorkflowOf("mine"), TENANT);

    // when, then
    assertThat(api.workflowByUid("uid").namespace()).isEqualTo("mine");
    assertThat(api.workflow("mine", "greet").id()).isEqualTo("greet");
  }

  @Test
  void changesNothingForCallersOfAllNamespaces() {
    // given
    Api server = serverWithWorkflowOf("other");

    // when, then
    assertThat(Access.of(server, new Api.Caller("root", Optional.empty()))).isSameAs(server);
  }

  private static void invoke(Method method, Api api, Object[] arguments) throws Throwable {
    try {
      method.invoke(api, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object foreign(Class<?> type) {
    Map<Class<?>, Object> values =
        Map.ofEntries(
            Map.entry(String.class, "other"),
            Map.entry(Page.class, Page.ALL),
            Map.entry(boolean.class, true),
            Map.entry(byte[].class, new byte[0]),
            Map.entry(Duration.class, Duration.ZERO),
            Map.entry(InstanceId.class, new InstanceId("other", "greet", "aaaaaa")),
            Map.entry(InstanceQuery.class, InstanceQuery.of("other")),
            Map.entry(VariableOwner.class, new VariableOwner.OfNamespace("other")),
            Map.entry(CloudEvent.class, new CloudEvent(JsonObject.EMPTY)),
            Map.entry(Consumer.class, (Consumer<Object>) _ -> {}),
            Map.entry(
                Api.WorkflowUpdate.class,
                new Api.WorkflowUpdate(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())),
            Map.entry(
                StartRequest.class,
                new StartRequest("other", "greet", JsonObject.EMPTY, false, Optional.empty())));
    return values.get(type);
  }

  /// An API that knows one workflow and namespace and refuses everything else.
  private static Api serverWithWorkflowOf(String namespace) {
    WorkflowRecord workflow =
        new WorkflowRecord(
            "uid", namespace, "greet", 0, true, Instant.EPOCH, Instant.EPOCH, "", "", "");
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "workflowByUid", "workflow" -> workflow;
                  case "namespace" ->
                      new NamespaceRecord((String) arguments[0], Instant.EPOCH, new byte[0]);
                  case "equals" -> false;
                  default ->
                      throw new AssertionError(
                          "the call came through: " + method.getName() + List.of(arguments));
                });
  }
}
