package partyline.kernel;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// A keyed digest: the proof that whoever made it knows the key. Thread-safe.
public final class Hmac {

    private final String algorithm;
    private final SecretKeySpec key;

    private Hmac(String algorithm, byte[] key) {
        this.algorithm = algorithm;
        this.key = new SecretKeySpec(key, algorithm);
    }

    public static Hmac sha256(byte[] key) {
        return new Hmac("HmacSHA256", key);
    }

    public static Hmac sha256(String key) {
        return sha256(key.getBytes(StandardCharsets.UTF_8));
    }

    public static Hmac sha1(String key) {
        return new Hmac("HmacSHA1", key.getBytes(StandardCharsets.UTF_8));
    }

    /// A digest of what is still to come. Of one thread.
    public static final class Running {

        private final Mac mac;

        private Running(Mac mac) {
            this.mac = mac;
        }

        public void add(byte[] bytes, int from, int length) {
            mac.update(bytes, from, length);
        }

        /// The digest of all that was added.
        public byte[] end() {
            return mac.doFinal();
        }
    }

    /// A digest that begins with `start`.
    public Running begin(byte[] start) {
        Mac mac = mac();
        mac.update(start);
        return new Running(mac);
    }

    /// The digest of all `parts`, one after the other.
    public byte[] of(byte[]... parts) {
        Mac mac = mac();
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks " + algorithm, e);
        }
    }

    public byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Whether `offered` is the `right` proof, or secret; takes as long for a wrong one as for the right one.
    public static boolean same(String right, @Nullable String offered) {
        return offered != null
                && MessageDigest.isEqual(
                        right.getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
    }
}
