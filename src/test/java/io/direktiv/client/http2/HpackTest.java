package io.direktiv.client.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// HPACK against the examples of RFC 7541, appendix C, and against another implementation.
final class HpackTest {
  private final HpackDecoder decoder = new HpackDecoder();

  @Test
  void readsLiteralsAndIndexesOfAppendixC2() {
    assertThat(decode("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"))
        .containsExactly("custom-key: custom-header");
    assertThat(decoder.tableBytes()).isEqualTo(55);
    assertThat(decode("040c 2f73 616d 706c 652f 7061 7468")).containsExactly(":path: /sample/path");
    assertThat(decode("1008 7061 7373 776f 7264 0673 6563 7265 74"))
        .containsExactly("password: secret");
    assertThat(decode("82")).containsExactly(":method: GET");
    assertThat(decoder.tableBytes()).isEqualTo(55);
  }

  @Test
  void readsTheRequestsOfAppendixC3WithoutHuffmanCode() {
    readsThreeRequests(
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65");
  }

  @Test
  void readsTheRequestsOfAppendixC4WithHuffmanCode() {
    readsThreeRequests(
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf");
  }

  private void readsThreeRequests(String first, String second, String third) {
    assertThat(decode(first))
        .containsExactly(
            ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
    assertThat(decoder.tableBytes()).isEqualTo(57);
    assertThat(decode(second))
        .containsExactly(
            ":method: GET",
            ":scheme: http",
            ":path: /",
            ":authority: www.example.com",
            "cache-control: no-cache");
    assertThat(decoder.tableBytes()).isEqualTo(110);
    assertThat(decode(third))
        .containsExactly(
            ":method: GET",
            ":scheme: https",
            ":path: /index.html",
            ":authority: www.example.com",
            "custom-key: custom-value");
    assertThat(decoder.tableBytes()).isEqualTo(164);
  }

  @Test
  void readsTheResponsesOfAppendixC5WhoseTableEvicts() {
    readsThreeResponses(
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133"
            + "2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65"
            + "2e63 6f6d",
        "4803 3330 37c1 c0bf",
        "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d"
            + "54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541"
            + "5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31");
  }

  @Test
  void readsTheResponsesOfAppendixC6WithHuffmanCode() {
    readsThreeResponses(
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6"
            + "2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
        "4883 640e ffc1 c0bf",
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab"
            + "77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587"
            + "3160 65c0 03ed 4ee5 b106 3d50 07");
  }

  private void readsThreeResponses(String first, String second, String third) {
    // given a table of 256 bytes, as the appendix assumes
    decode("3fe1 01");

    assertThat(decode(first))
        .containsExactly(
            ":status: 302",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:21 GMT",
            "location: https://www.example.com");
    assertThat(decoder.tableBytes()).isEqualTo(222);
    assertThat(decode(second))
        .containsExactly(
            ":status: 307",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:21 GMT",
            "location: https://www.example.com");
    assertThat(decoder.tableBytes()).isEqualTo(222);
    assertThat(decode(third))
        .containsExactly(
            ":status: 200",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:22 GMT",
            "location: https://www.example.com",
            "content-encoding: gzip",
            "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");
    assertThat(decoder.tableBytes()).isEqualTo(215);
  }

  @Test
  void refusesWhatIsNoHeaderBlock() {
    List<String> wrong =
        List.of(
            "80", // index 0
            "ff80 8080 8001", // an index of more than four bytes
            "be", // an index beyond an empty table
            "400a 63", // a string longer than the block
            "40", // the end within a field
            "82 3f e1 01", // a table size after a field
            "3fe2 7f", // a table larger than allowed
            "4081 ff 01 61", // padding of a whole byte of ones
            "4081 00 01 61"); // padding that is not ones
    for (String block : wrong) {
      assertThatThrownBy(() -> new HpackDecoder().decode(bytes(block)))
          .as(block)
          .isInstanceOfSatisfying(
              Http2Exception.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.COMPRESSION_ERROR));
    }
  }

  @Test
  void refusesAHeaderListBeyondItsLimit() {
    // given a field of 2 KiB in the table, and a block that names it 40 times
    StringBuilder block = new StringBuilder("4001 61 7f 81 0f" + " 62".repeat(2_048));
    block.append(" be".repeat(40));

    assertThatThrownBy(() -> decoder.decode(bytes(block.toString())))
        .isInstanceOf(Http2Exception.class)
        .hasMessageContaining("65536");
  }

  @Test
  void readsWhatAnotherImplementationWrites() throws Exception {
    DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    Random random = new Random(7541);
    for (int round = 0; round < 200; round++) {
      DefaultHttp2Headers sent = new DefaultHttp2Headers(false);
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(8); i++) {
        String name = "x-" + Integer.toString(random.nextInt(12), 36);
        String value = text(random);
        sent.add(name, value);
      }
      sent.forEach(entry -> expected.add(entry.getKey() + ": " + entry.getValue()));
      ByteBuf out = Unpooled.buffer();
      encoder.encodeHeaders(3, sent, out);
      byte[] block = new byte[out.readableBytes()];
      out.readBytes(block);

      assertThat(lines(decoder.decode(block))).isEqualTo(expected);
    }
  }

  @Test
  void writesWhatAnotherImplementationReads() throws Exception {
    DefaultHttp2HeadersDecoder other = new DefaultHttp2HeadersDecoder(false);
    List<Header> sent =
        List.of(
            new Header(":method", "POST"),
            new Header(":scheme", "http"),
            new Header(":path", "/ingress.DirektivIngress/GetNamespaces"),
            new Header("te", "trailers"),
            new Header("authorization", "Bearer " + "x".repeat(300)));
    for (int round = 0; round < 2; round++) {
      Http2Headers read = other.decodeHeaders(1, Unpooled.wrappedBuffer(HpackEncoder.encode(sent)));

      List<String> found = new ArrayList<>();
      for (Map.Entry<CharSequence, CharSequence> entry : read) {
        found.add(entry.getKey() + ": " + entry.getValue());
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(lines(sent));
    }
  }

  @Test
  void marksCredentialsAsNeverToBeRemembered() {
    byte[] block = HpackEncoder.encode(List.of(new Header("authorization", "Bearer t")));

    // then 0001xxxx with the static index 23, which takes a second byte
    assertThat(block).startsWith(0x20, 0x1f, 23 - 15);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(80);
    for (int i = 0; i < length; i++) {
      text.append((char) (32 + random.nextInt(95)));
    }
    return text.toString();
  }

  private List<String> decode(String hex) {
    return lines(decoder.decode(bytes(hex)));
  }

  private static List<String> lines(List<Header> headers) {
    return headers.stream().map(header -> header.name() + ": " + header.value()).toList();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
