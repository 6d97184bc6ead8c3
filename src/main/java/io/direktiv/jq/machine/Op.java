package io.direktiv.jq.machine;

/// One operation of a compiled query. Immutable once compiled; shared by all evaluations.
interface Op {
  /// The end: the value is an output.
  Op OUTPUT = _ -> null;

  /// The end of a function.
  Op RETURN =
      machine -> {
        Machine.Return to = machine.returns;
        machine.returns = to.up;
        machine.frame = to.frame;
        return to.op;
      };

  /// Changes the registers of `machine`.
  ///
  /// @return what to run next; null to go back to the newest fork
  Op run(Machine machine);
}
