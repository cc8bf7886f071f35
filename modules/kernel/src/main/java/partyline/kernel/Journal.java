package partyline.kernel;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;

/// The one source of events: an append-only table, written in the transaction of the change that an event tells of.
///
/// Subscribers are told inside that transaction: what they store is atomic with the event, and what they do
/// [Tx#onCommit] comes in the order of the events. Watches are told after the commit and may only wake something. The
/// [EventLog] reads what was appended. Thread-safe.
public final class Journal {

    /// More than are ever given out in a second, and few enough that numbers stay exact in JSON for two centuries.
    private static final long NUMBERS_A_SECOND = 1 << 20;

    private record NumbersOf(OrganizationId organization) {}

    /// How far an organization's events are numbered; `organization` is the one that it has itself in the journal.
    static final class Numbers {
        private final long organization;
        private long newest;

        Numbers(long organization, long newest) {
            this.organization = organization;
            this.newest = newest;
        }
    }

    private final Ids ids;
    private final InstantSource clock;
    private final EventRenderer renderer;
    private final IdentityHandles handles;
    private final List<BiConsumer<Tx, Event>> subscribers = new CopyOnWriteArrayList<>();
    private final Notifier watches = new Notifier();
    private volatile long base;

    /// For events that are kept whole.
    public Journal(Ids ids, InstantSource clock) {
        this(ids, clock, EventRenderer.NONE, IdentityHandles.NONE);
    }

    /// `renderer` makes what events say that refer to a message; `handles` tells what their identities are called.
    public Journal(Ids ids, InstantSource clock, EventRenderer renderer, IdentityHandles handles) {
        this.ids = ids;
        this.clock = clock;
        this.renderer = renderer;
        this.handles = handles;
    }

    EventRenderer renderer() {
        return renderer;
    }

    /// What its events call an identity.
    public Optional<String> handle(Handle reader, Id identity) {
        return handles.of(reader, identity);
    }

    /// Leaps over all numbers that may have been given out before, also by a history that a backup has replaced since:
    /// what is appended from now on has numbers that no reader has met. Called once at each start.
    public void leap(Database database) {
        long newest = database.read(EventLog::newest);
        base = NUMBERS_A_SECOND + Math.max(newest, clock.instant().getEpochSecond() * NUMBERS_A_SECOND);
    }

    /// Tells `subscriber` of every event inside the transaction that appends it; what it throws rolls that back.
    public void subscribe(BiConsumer<Tx, Event> subscriber) {
        subscribers.add(subscriber);
    }

    /// Rings for every event that `filter` takes, once it is on disk.
    public StreamListener watch(EventFilter filter) {
        return watches.open(filter);
    }

    /// Whether anybody watches for events of this type about this identity right now.
    public boolean watched(OrganizationId organization, Id identity, String type) {
        return watches.any(organization, identity, type);
    }

    /// Appends an event and returns it with its number in the organization.
    public Event append(Tx tx, Event.Draft draft) {
        Numbers numbers = numbers(tx, draft.organization());
        numbers.newest = Math.max(numbers.newest, base) + 1;
        Optional<String> handle = draft.identity().flatMap(identity -> handles.of(tx, identity));
        Event event = new Event(ids.next(), numbers.newest, clock.instant(), draft, handle);
        insert(tx, numbers.organization, event);
        subscribers.forEach(subscriber -> subscriber.accept(tx, event));
        tx.afterCommit(() -> watches.ring(draft));
        return event;
    }

    /// The newest number of the organization as this transaction sees it; 0 before its first event.
    public long head(Tx tx, OrganizationId organization) {
        return numbers(tx, organization).newest;
    }

    /// What the writer remembers, as long as nothing is rolled back.
    private static Numbers numbers(Tx tx, OrganizationId organization) {
        return tx.remembered(new NumbersOf(organization), () -> {
            long no = Symbols.number(tx, organization.text());
            tx.run("INSERT INTO journal_head (organization_no, seq) VALUES (?, 0) ON CONFLICT DO NOTHING", no);
            return new Numbers(no, EventLog.newest(tx.handle(), no));
        });
    }

    private static void insert(Tx tx, long organization, Event event) {
        Event.Draft draft = event.draft();
        Optional<Id> about = draft.content().about();
        tx.run(
                """
                INSERT INTO journal (organization_no, seq, event_id, event_salt, identity_no, handle_no, conversation_id,
                                     person, message_id, type, occurred_at, payload)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                organization,
                event.seq(),
                event.event().key(),
                event.event().salt(),
                draft.identity().map(it -> Symbols.number(tx, it.text())).orElse(null),
                event.handle().map(it -> Symbols.number(tx, it)).orElse(null),
                about.isPresent() ? null : draft.conversation().map(Id::text).orElse(null),
                draft.person().map(PhoneNumber::text).orElse(null),
                about.map(Id::key).orElse(null),
                draft.type(),
                Timestamps.micros(event.occurredAt()),
                draft.content().kept());
    }
}
