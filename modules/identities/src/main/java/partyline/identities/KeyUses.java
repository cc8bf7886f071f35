package partyline.identities;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Database;

/// When keys were last used: noted in memory, and brought to the database once a minute in one write, and at the end.
/// A crash loses the last minute. Thread-safe.
final class KeyUses implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeyUses.class);
    private static final long FLUSH_SECONDS = 60;

    private final Database database;
    private final ApiKeyStore store;
    private final Map<String, Instant> noted = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("key-uses").factory());

    KeyUses(Database database, ApiKeyStore store) {
        this.database = database;
        this.store = store;
    }

    void start() {
        timer.scheduleWithFixedDelay(this::flush, FLUSH_SECONDS, FLUSH_SECONDS, TimeUnit.SECONDS);
    }

    void note(String keyId, Instant at) {
        noted.put(keyId, at);
    }

    /// The key with what memory knows of its last use.
    ApiKey merge(ApiKey key) {
        return Optional.ofNullable(noted.get(key.id())).map(key::usedAt).orElse(key);
    }

    @Override
    public void close() {
        timer.shutdown();
        flush();
    }

    /// A use noted meanwhile stays for the next time.
    private void flush() {
        Map<String, Instant> written = new HashMap<>(noted);
        if (written.isEmpty()) {
            return;
        }
        try {
            database.update(tx -> store.used(tx, written));
            written.forEach(noted::remove);
        } catch (RuntimeException e) {
            LOG.warn("event=key_uses_not_written", e);
        }
    }
}
