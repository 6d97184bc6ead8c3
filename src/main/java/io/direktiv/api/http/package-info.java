/// The HTTP door: REST under `/api/v2`, server-sent events, CloudEvents, and its OpenAPI document.
///
/// Start reading at [HttpDoor]. Requests go through [DoorHandler]: admission, [Doorkeeper], route,
/// handler, answer. Requests and answers are in `exchange`, what exists is in `resource`.
package io.direktiv.api.http;
