package partyline.drivers.androidsms;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// What only the phone is to read, and no server on the way: the app's passphrase encryption, as
/// <https://docs.sms-gate.app/privacy/encryption/> has it.
final class AndroidSmsEncryption {

    /// The app's own default: old phones take seconds for more.
    private static final int ROUNDS = 75_000;

    private static final int SALT_BYTES = 16;
    private static final int KEY_BITS = 256;

    private AndroidSmsEncryption() {}

    static String seal(String passphrase, String text) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                    .generateSecret(new PBEKeySpec(passphrase.toCharArray(), salt, ROUNDS, KEY_BITS))
                    .getEncoded();
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(salt));
            Base64.Encoder base64 = Base64.getEncoder();
            return "$aes-256-cbc/pbkdf2-sha1$i=%d$%s$%s"
                    .formatted(
                            ROUNDS,
                            base64.encodeToString(salt),
                            base64.encodeToString(cipher.doFinal(text.getBytes(StandardCharsets.UTF_8))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES or PBKDF2", e);
        }
    }
}
