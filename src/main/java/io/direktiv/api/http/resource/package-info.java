/// The resources under `/api/v2`: one `…Routes` class for each, which is the table of its
/// operations and does them.
///
/// How requests are read and answered is in `io.direktiv.api.http.exchange`; what is decided is
/// decided in `io.direktiv.api`.
package io.direktiv.api.http.resource;
