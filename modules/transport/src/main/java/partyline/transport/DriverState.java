package partyline.transport;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import partyline.kernel.Database;
import partyline.kernel.Hmac;
import partyline.kernel.Timestamps;

/// What the drivers must not forget over a restart: short notes, such as how far they have read; what a service called
/// their sends; and each line's secret, the part of its address that nobody can guess. Thread-safe.
public final class DriverState {

    private static final String SECRET = "hook_secret";
    private static final int SECRET_BYTES = 32;
    private static final Duration SENDS = Duration.ofDays(7);

    private final Database database;
    /// By line: every hook and every call of a line's program asks for one.
    private final ConcurrentMap<String, String> secrets = new ConcurrentHashMap<>();

    public DriverState(Database database) {
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

    /// Remembers for a week that `providerId` is the send `client`, a message's id, or the name of one of its parts;
    /// what is known of either already stays.
    public void sent(Line line, String client, String providerId, Instant now) {
        database.update(tx -> {
            tx.handle()
                    .createUpdate("DELETE FROM driver_send WHERE at < :oldest")
                    .bind("oldest", Timestamps.micros(now.minus(SENDS)))
                    .execute();
            tx.handle()
                    .createUpdate("""
                            INSERT INTO driver_send (line, client_id, provider_id, at)
                            VALUES (:line, :client, :provider, :now)
                            ON CONFLICT DO NOTHING
                            """)
                    .bind("line", line.id())
                    .bind("client", client)
                    .bind("provider", providerId)
                    .bind("now", Timestamps.micros(now))
                    .execute();
        });
    }

    /// What the service called the send `client`, if it took it and we were told.
    public Optional<String> sentAs(Line line, String client) {
        return database.read(handle -> handle.createQuery(
                        "SELECT provider_id FROM driver_send WHERE line = :line AND client_id = :client")
                .bind("line", line.id())
                .bind("client", client)
                .mapTo(String.class)
                .findOne());
    }

    /// Whether `providerId` is a send that we know.
    public boolean isSent(Line line, String providerId) {
        return database.read(
                handle -> handle.createQuery("SELECT 1 FROM driver_send WHERE line = :line AND provider_id = :provider")
                        .bind("line", line.id())
                        .bind("provider", providerId)
                        .mapTo(Integer.class)
                        .findOne()
                        .isPresent());
    }

    /// The secret of the line: 32 random bytes in hex, made once.
    public String secret(Line line) {
        return secrets.computeIfAbsent(line.id(), _ -> recall(line, SECRET).orElseGet(() -> newSecret(line)));
    }

    /// Whoever comes first makes it; the others read that.
    private String newSecret(Line line) {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        database.update(tx -> tx.run(
                "INSERT INTO driver_note (line, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                line.id(),
                SECRET,
                HexFormat.of().formatHex(random)));
        return recall(line, SECRET).orElseThrow();
    }

    /// Takes as long for a wrong one as for the right one.
    boolean isSecret(Line line, String offered) {
        return Hmac.same(secret(line), offered);
    }
}
