package partyline.transport;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import partyline.kernel.Database;

/// Short notes of the drivers that survive a restart, such as how far they have read; and each line's secret, the part
/// of its address that nobody can guess. Thread-safe.
public final class DriverMemory {

    private static final String SECRET = "hook_secret";
    private static final int SECRET_BYTES = 32;

    private final Database database;

    public DriverMemory(Database database) {
        this.database = database;
    }

    public Optional<String> recall(Line line, String key) {
        return database.read(
                handle -> handle.createQuery("SELECT value FROM driver_note WHERE line = :line AND key = :key")
                        .bind("line", line.id())
                        .bind("key", key)
                        .mapTo(String.class)
                        .findOne());
    }

    /// Keeps `value` in place of what was kept under `key`.
    public void keep(Line line, String key, String value) {
        database.update(tx -> tx.handle()
                .createUpdate("""
                        INSERT INTO driver_note (line, key, value) VALUES (:line, :key, :value)
                            ON CONFLICT (line, key) DO UPDATE SET value = excluded.value
                        """)
                .bind("line", line.id())
                .bind("key", key)
                .bind("value", value)
                .execute());
    }

    /// The secret of the line: 32 random bytes in hex, made once.
    public synchronized String secret(Line line) {
        Optional<String> known = recall(line, SECRET);
        if (known.isPresent()) {
            return known.get();
        }
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        String secret = HexFormat.of().formatHex(random);
        keep(line, SECRET, secret);
        return secret;
    }

    /// Takes as long for a wrong one as for the right one.
    boolean isSecret(Line line, String offered) {
        return MessageDigest.isEqual(
                secret(line).getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
    }
}
