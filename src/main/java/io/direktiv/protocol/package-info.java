/// What goes over the wire at the gRPC door: `ingress` is the service of Direktiv v0.1.6 and `v1`
/// is ours beside it.
///
/// Both packages are generated from `src/main/protobuf`, which is the place to read; `api.grpc`
/// serves them and `client` calls them.
package io.direktiv.protocol;
