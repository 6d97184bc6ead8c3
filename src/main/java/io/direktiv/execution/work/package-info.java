/// The threads of an execution: who works when, and how tenants take turns.
///
/// Start reading at [Workers], which the simulation replaces by one queue. What is worked on is
/// left to `execution`; nothing here knows an instance.
package io.direktiv.execution.work;
