/// What clients can ask of a server, the same for every door.
///
/// Start reading at [Api]. `api.http` and `api.grpc` translate requests into calls of it and its
/// [ApiException]s into status codes.
package io.direktiv.api;
