package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import partyline.conversations.MessageList.Bounds;
import partyline.conversations.SearchIndex.Batch;
import partyline.conversations.SearchIndex.Progress;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PeriodicTask;
import partyline.kernel.Storage;

/// Finds messages by what they say, newest first.
///
/// To index a text costs as much as a quarter of all else that is done for it, so only organizations that search have
/// an index, and it is built behind what comes in. A search looks through what is not in the index yet itself, so it
/// misses nothing; where that is too much it indexes more first, and answers after some seconds that it has to go on.
///
/// Results are never ranked: how common a word is among all organizations would show in it. Thread-safe.
public final class MessageSearch implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(10);
    /// Every so many rounds less than a batch is indexed too.
    private static final int ROUNDS_TO_ALL = 6;
    /// Who did not search for so long is not kept up with.
    private static final Duration INTEREST = Duration.ofDays(7);

    private static final Duration NOTED = Duration.ofDays(1);
    private static final Duration PURGE_FIRST = Duration.ofMinutes(10);
    private static final Duration PURGE_EVERY = Duration.ofDays(1);

    /// So many characters more than it has a message counts that is looked through.
    private static final int EACH = 100;
    /// How long a search indexes before it looks again.
    private static final Duration A_WHILE = Duration.ofSeconds(1);
    /// How many scopes one question to the index is about.
    private static final int QUESTIONS_AT_ONCE = 64;
    /// At most so many of the four readers search, and one for an organization.
    private static final int AT_ONCE = 2;

    private static final Comparator<Message> NEWEST_FIRST =
            Comparator.comparingLong((Message it) -> it.id().key()).reversed();

    /// How many characters a search looks through by itself, and for how long it indexes what keeps it from more.
    record Limits(int characters, Duration patience) {

        static final Limits USUAL = new Limits(2_000_000, Duration.ofSeconds(8));
    }

    private final Storage storage;
    private final Limits limits;
    private final MessageList lists = new MessageList();
    private final MessageStore messages = new MessageStore();
    private final SearchIndex index = new SearchIndex();
    private final PeriodicTask indexing = new PeriodicTask("search-indexing", EVERY, EVERY, this::round);
    private final PeriodicTask purging = new PeriodicTask("search-purge", PURGE_FIRST, PURGE_EVERY, this::purge);
    private final ReentrantLock oneBatch = new ReentrantLock(true);
    /// Who searched and may not have an index yet.
    private final Set<OrganizationId> wanted = ConcurrentHashMap.newKeySet();
    private final Semaphore searching = new Semaphore(AT_ONCE, true);
    private final Map<OrganizationId, Semaphore> organizations = new ConcurrentHashMap<>();
    private int rounds;

    public MessageSearch(Storage storage) {
        this(storage, Limits.USUAL);
    }

    MessageSearch(Storage storage, Limits limits) {
        this.storage = storage;
        this.limits = limits;
    }

    /// Begins to keep up with those who search.
    public void start() {
        indexing.start();
        purging.start();
    }

    /// The messages that the caller sees and that have all of `query`; `filter` has no offset.
    public SearchOutcome search(Caller caller, MessageFilter filter, SearchQuery query) {
        long end = System.nanoTime() + limits.patience().toNanos();
        while (true) {
            SearchOutcome outcome =
                    inTurn(caller, () -> storage.database().read(handle -> look(handle, caller, filter, query)));
            if (outcome instanceof SearchOutcome.Found || System.nanoTime() >= end) {
                return outcome;
            }
            catchUp(caller.organization());
        }
    }

    /// Indexes what waits, as the rounds do.
    public void look() {
        index(true);
    }

    @Override
    public void close() {
        indexing.close();
        purging.close();
    }

    private <T> T inTurn(Caller caller, Supplier<T> search) {
        Semaphore own = organizations.computeIfAbsent(caller.organization(), _ -> new Semaphore(1, true));
        own.acquireUninterruptibly();
        searching.acquireUninterruptibly();
        try {
            return search.get();
        } finally {
            searching.release();
            own.release();
        }
    }

    /// First what is not in the index yet, which is newer, and then the rest there.
    private SearchOutcome look(Handle handle, Caller caller, MessageFilter filter, SearchQuery query) {
        OrganizationId organization = caller.organization();
        if (!index.isSearching(handle, organization, ago(NOTED))) {
            wanted.add(organization);
            indexing.wake();
        }
        long indexed =
                SearchIndex.progress(handle, organization).orElse(Progress.NONE).indexed();
        List<Message> found = new ArrayList<>();
        int left = limits.characters();
        try (ResultIterator<Message> newer = lists.after(handle, caller, filter, indexed)) {
            while (found.size() < filter.limit() && newer.hasNext()) {
                if (left < 0) {
                    return new SearchOutcome.NotIndexed(index.percent(handle, organization));
                }
                Message message = newer.next();
                String text = message.content().text();
                left -= EACH + (text == null ? 0 : text.length());
                if (text != null && query.matches(text)) {
                    found.add(message);
                }
            }
        }
        Page<Message> page = Page.ofMessages(found.iterator(), filter.limit());
        if (page.more()) {
            return found(handle, page, query);
        }
        Bounds rest = new Bounds(indexed, 0, filter.limit() - found.size());
        Page<Message> older = indexed(handle, caller, filter, query, rest);
        found.addAll(older.rows());
        return found(handle, new Page<>(found, older.more()), query);
    }

    private SearchOutcome found(Handle handle, Page<Message> page, SearchQuery query) {
        List<SearchHit> hits = messages.withTapbacks(handle, page.rows()).stream()
                .map(message -> SearchHit.of(message, query))
                .toList();
        return new SearchOutcome.Found(hits, page.more());
    }

    private Page<Message> indexed(
            Handle handle, Caller caller, MessageFilter filter, SearchQuery query, Bounds bounds) {
        List<String> marks = filter.conversation().stream()
                .map(Id::key)
                .map(SearchIndex::mark)
                .toList();
        List<String> questions = identities(handle, caller, filter).stream()
                .flatMap(identity -> scopes(caller, filter, identity))
                .map(scope -> "(" + query.match(scope, marks) + ")")
                .toList();
        Page<Message> newest = new Page<>(List.of(), false);
        for (int at = 0; at < questions.size(); at += QUESTIONS_AT_ONCE) {
            int end = Math.min(questions.size(), at + QUESTIONS_AT_ONCE);
            String match = String.join(" OR ", questions.subList(at, end));
            long last = newest.more() ? newest.rows().getLast().id().key() : bounds.last();
            Bounds rest = new Bounds(bounds.first(), last, bounds.most());
            Page<Message> found = lists.matching(handle, caller, filter, match, rest);
            newest = Page.ofMessages(
                    Stream.concat(newest.rows().stream(), found.rows().stream())
                            .sorted(NEWEST_FIRST)
                            .iterator(),
                    bounds.most());
        }
        return newest;
    }

    /// Whose messages are asked for, as narrow as can be.
    private List<Long> identities(Handle handle, Caller caller, MessageFilter filter) {
        Optional<Id> one = caller.identity().or(filter::identity);
        if (one.isPresent()) {
            return index.identity(handle, caller.organization(), one.get()).stream()
                    .toList();
        }
        return filter.conversation().isPresent()
                ? index
                        .identityOf(
                                handle,
                                caller.organization(),
                                filter.conversation().get())
                        .stream()
                        .toList()
                : index.identities(handle, caller.organization());
    }

    /// Agents' questions never come near what is hidden from them.
    private static Stream<String> scopes(Caller caller, MessageFilter filter, long identity) {
        return Stream.of(false, true)
                .filter(blocked -> caller.admin() || !blocked)
                .filter(blocked -> filter.blocked().orElse(blocked).equals(blocked))
                .map(blocked -> SearchIndex.scope(identity, blocked));
    }

    /// Indexes for a while what keeps a search from its end.
    private void catchUp(OrganizationId organization) {
        long end = System.nanoTime() + A_WHILE.toNanos();
        storage.database().update(tx -> index.searched(tx, organization, now()));
        while (addBatch(organization) && System.nanoTime() < end) {
            // Until then.
        }
    }

    private void round() {
        rounds++;
        index(rounds % ROUNDS_TO_ALL == 0);
    }

    /// With `all` also what is less than a batch.
    private void index(boolean all) {
        for (OrganizationId organization : List.copyOf(wanted)) {
            storage.database().update(tx -> index.searched(tx, organization, now()));
            wanted.remove(organization);
        }
        for (OrganizationId organization : storage.database().read(handle -> index.searching(handle, ago(INTEREST)))) {
            boolean due = all || storage.database().read(handle -> index.isBehind(handle, organization));
            while (due && indexing.goesOn() && addBatch(organization)) {
                // To its end.
            }
        }
    }

    /// Whether more waits after it. One at a time, whoever's, so that others write in between.
    private boolean addBatch(OrganizationId organization) {
        oneBatch.lock();
        try {
            Batch batch = storage.database().read(handle -> index.next(handle, organization));
            if (!batch.entries().isEmpty()) {
                storage.database().update(tx -> index.add(tx, organization, batch));
            }
            return batch.more();
        } finally {
            oneBatch.unlock();
        }
    }

    /// Rewrites the index a stretch at a time, if something was taken out of it since the last time. Twice, since a
    /// part that was being written when something in it was taken out still has that after the first time.
    void purge() {
        Map<Long, Long> counts = storage.database().read(index::unclean);
        if (counts.isEmpty() || !rewrite() || !rewrite()) {
            return;
        }
        storage.database().update(tx -> index.purged(tx, counts));
    }

    /// False when it is to end.
    private boolean rewrite() {
        boolean begin = true;
        while (purging.goesOn()) {
            boolean first = begin;
            if (!storage.database().write(tx -> index.purge(tx, first))) {
                return true;
            }
            begin = false;
        }
        return false;
    }

    private Instant now() {
        return storage.clock().instant();
    }

    private Instant ago(Duration duration) {
        return now().minus(duration);
    }
}
