package io.direktiv.secrets;

import io.direktiv.store.NamespaceRecord;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A vault with AES-256-GCM: each namespace has a key of its own, wrapped by the master key. The
/// names of namespace and secret are authenticated, so sealed bytes cannot be moved to another
/// place.
public final class AesVault implements Vault {
  private final SecureRandom random = new SecureRandom();
  private final MasterKey master;

  /// A vault under `master`.
  public AesVault(MasterKey master) {
    this.master = master;
  }

  @Override
  public byte[] newKey(String namespace) {
    byte[] key = new byte[Limits.KEY_BYTES];
    random.nextBytes(key);
    return encrypt(master.key(), "key:" + namespace, key);
  }

  @Override
  public boolean opens(NamespaceRecord namespace) {
    try {
      key(namespace);
      return true;
    } catch (VaultException _) {
      return false;
    }
  }

  @Override
  public byte[] seal(NamespaceRecord namespace, String name, byte[] plain) {
    return encrypt(key(namespace), "secret:" + namespace.name() + "/" + name, plain);
  }

  @Override
  public byte[] open(NamespaceRecord namespace, String name, byte[] sealed) {
    return decrypt(key(namespace), "secret:" + namespace.name() + "/" + name, sealed);
  }

  private SecretKey key(NamespaceRecord namespace) {
    byte[] key = decrypt(master.key(), "key:" + namespace.name(), namespace.wrappedKey());
    return new SecretKeySpec(key, "AES");
  }

  private byte[] encrypt(SecretKey key, String bound, byte[] plain) {
    byte[] nonce = new byte[Limits.NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, bound, nonce);
      byte[] sealed = cipher.doFinal(plain);
      byte[] result = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, result, nonce.length, sealed.length);
      return result;
    } catch (GeneralSecurityException e) {
      throw new VaultException("a secret cannot be encrypted", e);
    }
  }

  private static byte[] decrypt(SecretKey key, String bound, byte[] sealed) {
    if (sealed.length < Limits.NONCE_BYTES) {
      throw new VaultException("a sealed value is too short", null);
    }
    byte[] nonce = Arrays.copyOf(sealed, Limits.NONCE_BYTES);
    try {
      return cipher(Cipher.DECRYPT_MODE, key, bound, nonce)
          .doFinal(sealed, Limits.NONCE_BYTES, sealed.length - Limits.NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new VaultException(
          "a sealed value cannot be opened: the master key is another one, or the value was"
              + " changed",
          e);
    }
  }

  private static Cipher cipher(int mode, SecretKey key, String bound, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(Limits.TAG_BITS, nonce));
    cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
