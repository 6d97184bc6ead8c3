/// A small HTTP/2 client without TLS (RFC 9113, RFC 7541): one connection, one request at a time,
/// no threads of its own.
///
/// Start reading at [Http2Connection]; [Http2Stream] is a request and its response. HPACK is
/// [HpackDecoder] and [HpackEncoder]. What travels in the requests is left to `client`. It exists
/// because a command line client must start in a quarter of a second, see
/// `docs/decisions/grpc-client.md`.
package io.direktiv.client.http2;
