package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.conversations.AgedMessages.Stretch;
import partyline.kernel.PeriodicTask;
import partyline.kernel.Storage;

/// Empties messages that are older than they are kept: the text and the media go, that there was a message stays. Looks
/// once an hour, and takes a few hundred at a time so that others write in between. Kept for zero means for ever.
/// Thread-safe.
public final class MessageRetention implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MessageRetention.class);
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration EVERY = Duration.ofHours(1);

    private final Storage storage;
    private final Duration kept;
    private final AgedMessages messages = new AgedMessages();
    private final PeriodicTask chore = new PeriodicTask("message-retention", FIRST, EVERY, this::round);

    public MessageRetention(Storage storage, Duration kept) {
        this.storage = storage;
        this.kept = kept;
    }

    /// Begins to look.
    public void start() {
        if (!kept.isZero()) {
            chore.start();
        }
    }

    /// Empties all that is due now and returns how many messages that were.
    public int run() {
        Instant until = storage.clock().instant().minus(kept);
        int all = 0;
        Optional<Stretch> next = after(Stretch.FIRST, until);
        while (chore.goesOn() && next.isPresent()) {
            List<String> due = next.get().due();
            if (!due.isEmpty()) {
                storage.database().update(tx -> messages.empty(tx, due));
            }
            all += due.size();
            next = after(next.get(), until);
        }
        return all;
    }

    private Optional<Stretch> after(Stretch stretch, Instant until) {
        return storage.database()
                .read(handle -> messages.hasNext(handle, stretch)
                        ? Optional.of(messages.next(handle, stretch, until))
                        : Optional.empty());
    }

    /// Ends after the batch in progress.
    @Override
    public void close() {
        chore.close();
    }

    private void round() {
        LOG.info("event=messages_emptied count={}", run());
    }
}
