package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.conversations.AwaitedFileStore.Awaited;
import partyline.conversations.MediaDownload.Wanted;
import partyline.kernel.Id;
import partyline.kernel.KeyedExecutor;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.media.StoreOutcome;
import partyline.rules.ContactPolicy;
import partyline.rules.Direction;

/// Files that did not come with their text, and join its message when they come within the hour:
/// `message.updated`.
///
/// A look is counted before it is made, so whatever it does to us, it is made a bounded number of times. The
/// files of one person are looked for one after another, those of others meanwhile. Thread-safe.
final class AwaitedFiles implements AutoCloseable {

    /// Between the looks, beginning with the one that was made while the text waited.
    private static final List<Duration> WAITS = List.of(
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            Duration.ofMinutes(2),
            Duration.ofMinutes(4),
            Duration.ofMinutes(8),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30));

    private static final Duration SWEEP = Duration.ofSeconds(30);
    /// How long a look may take: nobody waits for it, so longer than while a text did.
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /// How many files of one person are waited for.
    private static final int MOST = 20;

    /// A look to make, and for whom.
    private record Look(Awaited awaited, OrganizationId organization) {}

    private final Storage storage;
    private final ContactPolicy policy;
    private final EventPublisher announcer;
    private final MediaDownload fetching;
    private final MessageAttachments enclosures;
    private final AwaitedFileStore store = new AwaitedFileStore();
    private final MessageStore messages = new MessageStore();
    private final KeyedExecutor<PhoneNumber> lanes = new KeyedExecutor<>("awaited-file", this::run);

    AwaitedFiles(
            Storage storage,
            ContactPolicy policy,
            EventPublisher announcer,
            MediaDownload fetching,
            MessageAttachments enclosures) {
        this.storage = storage;
        this.policy = policy;
        this.announcer = announcer;
        this.fetching = fetching;
        this.enclosures = enclosures;
    }

    /// Takes up what an earlier run of the program left.
    void start() {
        look();
        lanes.sweep(SWEEP, this::look);
    }

    /// Takes up all that is due.
    void look() {
        Instant now = storage.clock().instant();
        storage.database().read(handle -> store.people(handle, now)).forEach(lanes::wake);
    }

    @Override
    public void close() {
        lanes.close();
    }

    /// Waits for the file that `message` came without, unless its sender has too many such files already.
    void await(Tx tx, Message message, Wanted wanted) {
        PhoneNumber person = message.place().person();
        if (store.count(tx, person) < MOST) {
            store.insert(tx, message.id(), person, wanted);
            postpone(tx, message.id(), person, 0);
        }
    }

    /// Stops to wait for what `message` came without.
    void forget(Tx tx, Message message) {
        store.delete(tx, message.id());
    }

    /// One look; nobody erases the person meanwhile.
    private void run(PhoneNumber person) {
        boolean more = storage.database().during(person, () -> {
            Instant now = storage.clock().instant();
            Optional<Awaited> next = storage.database().read(handle -> store.next(handle, person, now));
            next.flatMap(awaited -> storage.database().write(tx -> take(tx, person, awaited)))
                    .ifPresent(this::make);
            return next.isPresent();
        });
        if (more) {
            lanes.wake(person);
        }
    }

    /// Counts the look; empty when there is none to make any more.
    private Optional<Look> take(Tx tx, PhoneNumber person, Awaited awaited) {
        Optional<Look> look = waiting(tx, awaited.message())
                .filter(_ -> awaited.attempts() < WAITS.size())
                .map(message -> new Look(awaited, message.place().organization()));
        if (look.isPresent()) {
            postpone(tx, awaited.message(), person, awaited.attempts() + 1);
        } else {
            store.delete(tx, awaited.message());
        }
        return look;
    }

    private void make(Look look) {
        StoreOutcome outcome = fetching.look(look.organization(), look.awaited().wanted(), PATIENCE);
        storage.database().update(tx -> conclude(tx, look.awaited().message(), outcome));
    }

    private void conclude(Tx tx, Id id, StoreOutcome outcome) {
        Optional<Message> message = waiting(tx, id);
        Instant now = storage.clock().instant();
        switch (outcome) {
            case StoreOutcome.Stored(var file)
            when message.isPresent() -> update(tx, message.get().with(enclosures.joined(tx, message.get(), file), now));
            case StoreOutcome.Stored(var file) -> enclosures.discard(tx, file);
            case StoreOutcome.Refused(var why) ->
                message.ifPresent(it -> update(tx, it.with(MessageAttachments.without(it, why), now)));
            case StoreOutcome.NotYet _ -> {}
        }
    }

    private void update(Tx tx, Message message) {
        store.delete(tx, message.id());
        messages.revise(tx, message, storage.journal().head(tx, message.place().organization()));
        announcer.announce(tx, "message.updated", messages.withTapbacks(tx.handle(), message));
    }

    /// The message, as long as it lacks its file and somebody may have it.
    private Optional<Message> waiting(Tx tx, Id message) {
        return messages.byKey(tx.handle(), message.key())
                .filter(it -> it.content().lost().isPresent())
                .filter(it ->
                        policy.allows(tx, it.place().identity(), it.place().person(), Direction.INBOUND));
    }

    /// After the last wait there is no further look.
    private void postpone(Tx tx, Id message, PhoneNumber person, int attempts) {
        Duration wait = WAITS.get(Math.min(attempts, WAITS.size() - 1));
        store.postpone(tx, message, attempts, wait, storage.clock().instant());
        tx.afterCommit(() -> lanes.wakeAfter(person, wait));
    }
}
