package io.direktiv.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.execution.OverloadException;
import io.direktiv.store.StoreBusyException;
import org.junit.jupiter.api.Test;

/// What callers are told when another room refuses.
class RefusalsTest {
  @Test
  void asksToTryAgainLaterWhenTooMuchIsUnderWay() {
    assertThat(Refusals.of(new OverloadException("more than 3 starts are under way")))
        .returns(ApiException.Kind.OVERLOADED, ApiException::kind)
        .hasMessage("more than 3 starts are under way");
    assertThat(Refusals.of(new StoreBusyException("3 commits wait; try again later")))
        .returns(ApiException.Kind.OVERLOADED, ApiException::kind)
        .hasMessageContaining("try again later");
  }

  @Test
  void tellsNothingOfDefects() {
    assertThat(Refusals.of(new IllegalStateException("a detail")))
        .returns(ApiException.Kind.INTERNAL, ApiException::kind)
        .hasMessage("internal error");
  }
}
