/// The gRPC door on port 6666: the service of Direktiv v0.1.6, ours beside it, health and
/// reflection.
///
/// Start reading at [GrpcDoor]. A call passes [Admission] (how many at one time), [Callers] (who
/// asks) and then a method of [IngressService] or [DirektivService], which calls the API as far as
/// its caller may; what it throws becomes a status in [Statuses]. Every call runs on a virtual
/// thread of its own; what waits for an instance holds no thread or a virtual one, and is in
/// [Waiting] so that stopping ends it.
package io.direktiv.api.grpc;
