/// Calls a Direktiv server over gRPC.
///
/// Start reading at [GrpcClient]. [Ingress] and [DirektivV1] list the methods with the fields of
/// their messages; a test compares them with the generated code. [Message] holds values by field
/// name, [Wire] turns it into bytes. HTTP/2 is in `client.http2`; what to print is left to `cli`.
///
/// Generated messages and grpc-java are not used here because they alone take longer to load than a
/// whole command may, see `docs/decisions/grpc-client.md`.
package io.direktiv.client;
