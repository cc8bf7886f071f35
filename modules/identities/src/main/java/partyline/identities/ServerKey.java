package partyline.identities;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import partyline.kernel.Hmac;
import partyline.kernel.StartupFailure;

/// The key under which secrets lie in the database (AES-256-GCM), and which people who want to be left alone are
/// recognized by (HMAC-SHA256): 32 random bytes in a file of their own that only its owner may read. A backup needs it
/// beside the database. Thread-safe.
public final class ServerKey {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String ANYWHERE = "";

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    private ServerKey(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /// Reads the key from `file`, or makes it when there is none and `mayCreate`.
    ///
    /// @throws StartupFailure when it is missing although secrets lie under it, is damaged, or cannot be written.
    public static ServerKey open(Path file, boolean mayCreate) {
        try {
            if (Files.notExists(file)) {
                if (!mayCreate) {
                    throw new StartupFailure("The file " + file + " is missing, and without it the signing keys in the"
                            + " database cannot be read: restore it from the backup that holds the database.");
                }
                create(file);
            }
            byte[] key = Files.readAllBytes(file);
            if (key.length != KEY_BYTES) {
                throw new StartupFailure(
                        "The file " + file + " is damaged (it should have 32 bytes): restore it from a backup.");
            }
            return new ServerKey(key);
        } catch (IOException e) {
            throw new StartupFailure(
                    "Cannot read or write " + file + " (" + e + "): check the folder's permissions.", e);
        }
    }

    /// Stands for `text` where the text itself must not be kept. It tells nothing to who has not got the key, although
    /// there are few enough texts (telephone numbers) to try them all. `purpose` keeps its uses apart.
    public String fingerprint(String purpose, String text) {
        byte[] derived = Hmac.sha256(key.getEncoded()).of(purpose);
        return HexFormat.of().formatHex(Hmac.sha256(derived).of(text));
    }

    /// Encrypts a secret that will lie at `place`: read from anywhere else, it does not open.
    public String seal(String plain, String place) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, place, plain.getBytes(StandardCharsets.UTF_8));
        byte[] both = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
        System.arraycopy(sealed, 0, both, NONCE_BYTES, sealed.length);
        return Base64.getEncoder().encodeToString(both);
    }

    /// The secret that was sealed for `place`.
    ///
    /// @throws IllegalStateException when it was sealed for another one, or under another key.
    public String unseal(String sealed, String place) {
        byte[] both = Base64.getDecoder().decode(sealed);
        byte[] nonce = Arrays.copyOf(both, NONCE_BYTES);
        byte[] plain = run(Cipher.DECRYPT_MODE, nonce, place, Arrays.copyOfRange(both, NONCE_BYTES, both.length));
        return new String(plain, StandardCharsets.UTF_8);
    }

    String encrypt(String plain) {
        return seal(plain, ANYWHERE);
    }

    String decrypt(String sealed) {
        return unseal(sealed, ANYWHERE);
    }

    private byte[] run(int mode, byte[] nonce, String place, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a secret does not fit the server key", e);
        }
    }

    /// Written beside, flushed and moved into place, so that a crash leaves a whole key or none.
    private static void create(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(draft, options, ownerOnly(file))) {
            channel.write(ByteBuffer.wrap(key));
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
