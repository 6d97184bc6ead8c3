package io.direktiv.api;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/// The text of an API token: `dk_`, 43 characters of 256 random bits, 6 of a checksum. Its shape
/// lets scanners find leaked ones and tells a mistyped one from an unknown one. Redacts itself.
///
/// The store keeps its SHA-256 alone: 256 random bits need no slow hash.
public final class ApiToken {
  private static final String PREFIX = "dk_";
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int SECRET_BYTES = 32;
  private static final int SECRET_CHARS = 43;
  private static final int CHECK_CHARS = 6;

  private final String text;

  private ApiToken(String text) {
    this.text = text;
  }

  /// A new token; `random` must be a secure one.
  public static ApiToken draw(RandomGenerator random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    String body = PREFIX + digits(new BigInteger(1, secret), SECRET_CHARS);
    return new ApiToken(body + check(body));
  }

  /// The whole text, to be shown once.
  public String text() {
    return text;
  }

  /// What the store keeps of the token `text`.
  public static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// True when `text` has the shape of a token and its checksum is right.
  public static boolean isWellFormed(String text) {
    int body = PREFIX.length() + SECRET_CHARS;
    return text.length() == body + CHECK_CHARS
        && text.startsWith(PREFIX)
        && text.substring(body).equals(check(text.substring(0, body)));
  }

  private static String check(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return digits(BigInteger.valueOf(crc.getValue()), CHECK_CHARS);
  }

  private static String digits(BigInteger value, int length) {
    char[] out = new char[length];
    BigInteger base = BigInteger.valueOf(DIGITS.length());
    BigInteger rest = value;
    for (int i = length - 1; i >= 0; i--) {
      BigInteger[] parts = rest.divideAndRemainder(base);
      out[i] = DIGITS.charAt(parts[1].intValue());
      rest = parts[0];
    }
    return new String(out);
  }

  @Override
  public String toString() {
    return "ApiToken[redacted]";
  }
}
