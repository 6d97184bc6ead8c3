/// Workflow definitions: what an author wrote, read once into records.
///
/// Start reading at [Workflow]. [WorkflowReader] turns YAML of the classic dialect into these
/// records and reports every problem as a [Diagnostic]; a second reader can fill the same records
/// from another dialect. Running them is left to `engine`.
package io.direktiv.model;
