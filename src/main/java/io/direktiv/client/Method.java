package io.direktiv.client;

/// A method of a service.
///
/// @param path `package.Service/Method`
public record Method(String path, Shape request, Shape response) {
  /// An empty request, to be filled.
  public Message newRequest() {
    return new Message(request);
  }
}
