/// The HTTP door: REST under `/api/v2`, server-sent events, CloudEvents, and its OpenAPI document.
///
/// Start reading at [HttpDoor]. Requests go through [DoorHandler]: admission, [Doorkeeper],
/// [Router], the route's handler, [Answer]. The `…Routes` classes are the tables of what exists;
/// [OpenApi] is written from the same tables. Everything that is decided is decided in
/// `io.direktiv.api`.
package io.direktiv.api.http;
