package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Backlog;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.webhooks.Delivery.Target;

/// One subscription's place in the journal, and what of it is being told to its receiver.
///
/// Events come in the order of the journal: from the writer as they happen ([#offer]) or, when it was behind,
/// in pages read from the journal. A *window* of at most 256 lies between what is finished and what was read;
/// those of one conversation are first attempted one after the other. Its *position* is the number before the
/// oldest event that is not finished, so a restart from there repeats at most a window and skips nothing, as
/// long as an event is finished no earlier than its result is on the way to the disk, and a failure no earlier
/// than it is there. It calls nobody and reads nothing itself. Thread-safe.
final class WebhookConsumer {

    static final int WINDOW = 256;
    /// What a receiver that keeps failing gets ahead, since it takes one event at a time.
    private static final int SMALL_WINDOW = 8;
    /// What an event weighs beside its text.
    private static final int OVERHEAD = 300;

    /// Something to post.
    sealed interface Call {

        /// Where the subscription pointed when its turn came.
        Target target();

        /// An event, for the first time.
        record First(Event event, Target target) implements Call {}

        /// A delivery that failed before.
        record Retry(Id delivery, Target target) implements Call {}
    }

    /// The newest number that was read, how often it was told since the start that it misses something, and the
    /// [#version].
    record Gap(long read, int misses, int version) {}

    private static final class Item {
        private final Event event;
        private boolean finished;
        private boolean dropped;

        Item(Event event) {
            this.event = event;
        }

        boolean wanted(Target known, Instant oldest) {
            return !dropped
                    && known.subscription().wants(event.type())
                    && !event.occurredAt().isBefore(oldest);
        }

        /// Counts it among what its organization holds, or not any more.
        void weigh(HeldText held, boolean here) {
            long weight = event.draft().content().weight() + OVERHEAD;
            held.add(event.draft().organization(), here ? weight : -weight);
        }
    }

    /// How much text all consumers hold, in characters, of which one organization has a share at most. Thread-safe.
    static final class HeldText {

        private static final long MOST = 16 * 1_024 * 1_024;
        private static final long SHARE = 4 * 1_024 * 1_024;

        private final AtomicLong all = new AtomicLong();
        private final Map<OrganizationId, Long> own = new ConcurrentHashMap<>();

        /// So much more of an organization's, or with a number below zero less.
        void add(OrganizationId organization, long characters) {
            all.addAndGet(characters);
            own.merge(organization, characters, Long::sum);
        }

        /// Whether it is time to take little at once for this organization.
        boolean isMuch(OrganizationId organization) {
            return own.getOrDefault(organization, 0L) > SHARE || all.get() > MOST;
        }

        long all() {
            return all.get();
        }
    }

    private final Id subscription;
    private final Duration kept;
    private final HeldText held;
    private final ConcurrencyLimit limit = new ConcurrencyLimit();
    private final Deque<Item> window = new ArrayDeque<>();
    private final Deque<Item> ready = new ArrayDeque<>();
    private final Map<Long, Item> started = new HashMap<>();
    /// The conversations with an event that is ready or started, and what waits for it.
    private final Map<Id, Deque<Item>> conversations = new HashMap<>();

    private final Deque<Id> retries = new ArrayDeque<>();
    private final Set<Id> claimed = new HashSet<>();
    private boolean retryNext;

    private @Nullable Target target;
    private int version;
    private boolean placed;
    private long read;
    private boolean behind;
    private int misses;

    /// What happened longer ago than `kept` is not told any more; `held` counts what all consumers hold.
    WebhookConsumer(Id subscription, Duration kept, HeldText held) {
        this.subscription = subscription;
        this.kept = kept;
        this.held = held;
    }

    Id subscription() {
        return subscription;
    }

    /// Takes the next event that the subscription wants, or notes that it is to be read from the journal;
    /// whoever was quick has read it there already.
    synchronized void offer(Event event) {
        Target known = target;
        if (placed && event.seq() <= read) {
            return;
        }
        boolean room = room(event.draft().organization()) > 0;
        if (placed && !behind && room && (known == null || !known.subscription().isPaused())) {
            add(event);
        } else {
            miss();
        }
    }

    /// Whether it is unknown where the subscription points.
    synchronized boolean isUnknown() {
        return target == null;
    }

    synchronized Optional<Target> target() {
        return Optional.ofNullable(target);
    }

    /// Counts what makes void what was read of the subscription, and for it, before.
    synchronized int version() {
        return version;
    }

    /// The subscription is not what it was: nothing goes until it is known anew.
    synchronized void forgetTarget() {
        target = null;
        version++;
    }

    /// Where the subscription points, as it was read after [#version] was asked for. Its position is where to begin;
    /// later it is beyond what was read only if its owner named other events, and nothing before it was wanted.
    synchronized void know(int asked, Target found) {
        if (asked != version) {
            return;
        }
        target = found;
        read = Math.max(read, found.position());
        if (!placed) {
            placed = true;
            miss();
        }
    }

    /// How many events to read from the journal now; 0 when there is no need or no room.
    synchronized int hunger() {
        Target known = target;
        if (!placed || !behind || known == null || known.subscription().isPaused()) {
            return 0;
        }
        int room = room(known.subscription().organization());
        return window.size() <= room ? room : 0;
    }

    synchronized Gap gap() {
        return new Gap(read, misses, version);
    }

    /// Takes the events after `gap`, but for those that are `done` with; with `all` there were no more of them
    /// when the journal was read. Takes nothing when the subscription was changed or somebody dropped since:
    /// the journal is to be read again.
    synchronized void take(List<Event> page, Set<Id> done, boolean all, Gap gap) {
        if (version != gap.version()) {
            return;
        }
        page.forEach(event -> add(event).dropped = done.contains(event.event()));
        if (all && misses == gap.misses()) {
            behind = false;
        }
    }

    /// Takes deliveries that are to be tried again, but for those that it has.
    synchronized void retry(List<Id> deliveries) {
        deliveries.stream().filter(claimed::add).forEach(retries::add);
    }

    /// What to post next; empty when there is nothing or the receiver has enough.
    synchronized Optional<Call> next(Instant now) {
        Target known = target;
        if (known == null || known.subscription().isPaused() || limit.free(now) <= 0) {
            return Optional.empty();
        }
        Optional<Call> call = retryNext || ready.isEmpty() ? nextRetry(known) : Optional.empty();
        call = call.or(() -> nextEvent(known, now.minus(kept))).or(() -> nextRetry(known));
        retryNext = call.orElse(null) instanceof Call.First;
        if (call.isPresent()) {
            limit.begin();
        }
        return call;
    }

    /// Ends a call, after which an event is `told`, or still to be told. Returns how long to let the receiver
    /// rest.
    synchronized Duration ended(Call call, boolean told, ConcurrencyLimit.End end, Duration took, Instant now) {
        switch (call) {
            case Call.First(var event, var _) -> {
                Item item = started.remove(event.seq());
                if (item != null && !told && !item.dropped) {
                    ready.addFirst(item);
                } else if (item != null) {
                    finish(item);
                }
            }
            case Call.Retry(var delivery, var _) -> claimed.remove(delivery);
        }
        return limit.end(end, took, now);
    }

    /// Forgets what it was about to tell of a person.
    synchronized void drop(PhoneNumber person) {
        version++;
        window.stream()
                .filter(item -> item.event.draft().person().equals(Optional.of(person)))
                .forEach(item -> item.dropped = true);
    }

    /// The subscription is gone: what waits is let go.
    synchronized void end() {
        window.forEach(item -> {
            item.dropped = true;
            item.finished |= !started.containsKey(item.event.seq());
        });
        ready.clear();
        conversations.clear();
        settle();
    }

    /// Everything up to here is finished.
    synchronized long position() {
        return window.isEmpty() ? read : window.getFirst().event.seq() - 1;
    }

    /// What of the window is not told yet.
    synchronized Backlog waiting() {
        List<Item> untold = window.stream().filter(it -> !it.finished).toList();
        return new Backlog(untold.size(), untold.stream().findFirst().map(it -> it.event.occurredAt()));
    }

    /// Whether all deliveries that it was given have been tried.
    synchronized boolean hasTried() {
        return claimed.isEmpty();
    }

    synchronized boolean failing() {
        return limit.failing();
    }

    synchronized boolean prompt() {
        return limit.prompt();
    }

    private int room(OrganizationId organization) {
        int most = limit.failing() || held.isMuch(organization) ? SMALL_WINDOW : WINDOW;
        return Math.max(0, most - window.size());
    }

    private Item add(Event event) {
        Item item = new Item(event);
        item.weigh(held, true);
        read = event.seq();
        window.add(item);
        Optional<Id> conversation = event.draft().conversation();
        Deque<Item> before = conversation.map(conversations::get).orElse(null);
        if (before != null) {
            before.add(item);
            return item;
        }
        conversation.ifPresent(id -> conversations.put(id, new ArrayDeque<>()));
        ready.add(item);
        return item;
    }

    private void miss() {
        behind = true;
        misses++;
    }

    private Optional<Call> nextRetry(Target known) {
        return Optional.ofNullable(retries.poll()).map(id -> new Call.Retry(id, known));
    }

    private Optional<Call> nextEvent(Target known, Instant oldest) {
        Item item = ready.poll();
        while (item != null && !item.wanted(known, oldest)) {
            finish(item);
            item = ready.poll();
        }
        if (item == null) {
            return Optional.empty();
        }
        started.put(item.event.seq(), item);
        return Optional.of(new Call.First(item.event, known));
    }

    private void finish(Item item) {
        item.finished = true;
        item.event.draft().conversation().ifPresent(id -> {
            Item following = conversations.getOrDefault(id, new ArrayDeque<>()).poll();
            if (following == null) {
                conversations.remove(id);
            } else {
                ready.add(following);
            }
        });
        settle();
    }

    private void settle() {
        while (!window.isEmpty() && window.getFirst().finished) {
            window.removeFirst().weigh(held, false);
        }
    }
}
