/// Reads YAML into the records of `model`, and reports every problem at its place.
///
/// Start reading at [ClassicReader]. [YamlText] parses within limits and knows the way from a
/// character of a scalar back to the file; [Fields] reads one mapping; one reader each for states,
/// actions, events, starts and queries. Only `WorkflowReader` calls this.
package io.direktiv.model.read;
