package io.direktiv.client.http2;

import java.util.ArrayList;
import java.util.List;

/// The header fields that everybody knows (RFC 7541, appendix A); indexes begin with 1.
final class StaticTable {
  private static final String FIELDS =
      """
      :authority
      :method GET
      :method POST
      :path /
      :path /index.html
      :scheme http
      :scheme https
      :status 200
      :status 204
      :status 206
      :status 304
      :status 400
      :status 404
      :status 500
      accept-charset
      accept-encoding gzip, deflate
      accept-language
      accept-ranges
      accept
      access-control-allow-origin
      age
      allow
      authorization
      cache-control
      content-disposition
      content-encoding
      content-language
      content-length
      content-location
      content-range
      content-type
      cookie
      date
      etag
      expect
      expires
      from
      host
      if-match
      if-modified-since
      if-none-match
      if-range
      if-unmodified-since
      last-modified
      link
      location
      max-forwards
      proxy-authenticate
      proxy-authorization
      range
      referer
      refresh
      retry-after
      server
      set-cookie
      strict-transport-security
      transfer-encoding
      user-agent
      vary
      via
      www-authenticate
      """;

  private static final List<Header> ENTRIES = read();

  private StaticTable() {}

  /// How many entries there are: 61.
  static int size() {
    return ENTRIES.size();
  }

  /// The entry at `index`, 1 to [#size].
  static Header get(int index) {
    return ENTRIES.get(index - 1);
  }

  private static List<Header> read() {
    List<Header> entries = new ArrayList<>();
    for (String line : FIELDS.split("\n")) {
      int blank = line.indexOf(' ');
      entries.add(
          blank < 0
              ? new Header(line, "")
              : new Header(line.substring(0, blank), line.substring(blank + 1)));
    }
    return List.copyOf(entries);
  }
}
