package io.direktiv.functions.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of content by what it is (OCI image specification, "Digests").
///
/// @param algorithm `sha256` or `sha512`
/// @param hex lower-case digits
public record Digest(String algorithm, String hex) {
  private static final Pattern FORM =
      Pattern.compile("(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128})");

  /// The digest that `text` is; empty when it is none.
  public static Optional<Digest> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        matcher.group(1) != null
            ? new Digest(matcher.group(1), matcher.group(2))
            : new Digest(matcher.group(3), matcher.group(4)));
  }

  /// The sha256 of `bytes`.
  public static Digest of(byte[] bytes) {
    return new Digest("sha256", HexFormat.of().formatHex(start("sha256").digest(bytes)));
  }

  /// A computation of a sha256.
  public static MessageDigest startSha256() {
    return start("sha256");
  }

  /// The sha256 that `computed`, which is ended by this, came to.
  public static Digest of(MessageDigest computed) {
    return new Digest("sha256", HexFormat.of().formatHex(computed.digest()));
  }

  /// A computation of this kind of digest.
  public MessageDigest start() {
    return start(algorithm);
  }

  private static MessageDigest start(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.equals("sha512") ? "SHA-512" : "SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// True when `computed`, which is ended by this, came to this digest.
  public boolean isOf(MessageDigest computed) {
    return HexFormat.of().formatHex(computed.digest()).equals(hex);
  }

  /// True when `bytes` are what this names.
  public boolean isOf(byte[] bytes) {
    MessageDigest computed = start();
    computed.update(bytes);
    return isOf(computed);
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
