/// Runs sandboxes with a container engine: Docker or Podman, through the HTTP interface that both
/// have, on a Unix socket.
///
/// Start reading at [DockerRuntime], then [ContainerRun], which is the life of one container.
/// [EngineFinder] knows where engines listen, [EngineClient] speaks HTTP to one. Files travel as
/// tar archives through the engine and never lie in a folder of this machine, so it does not matter
/// where the engine runs, and what a hostile function leaves is only ever bytes of a stream.
package io.direktiv.functions.docker;
