package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.transport.LineSetup;

/// Reads what is new in the Mac's message database, in the order of its ROWIDs, and remembers how far it has come.
///
/// Rows come ordered by date, so a page that is full says nothing about what is missing below its highest ROWID: then
/// the range is read in windows. A row is invisible until it is in a chat, and may change afterwards, so the last ones
/// are read again each time, and more of them now and then; of those, the inbox recognizes what it had for a week.
/// Used by one thread, but for [#cursor] and [#seen].
final class BlueBubblesCatchUp {

    private static final Logger LOG = LoggerFactory.getLogger(BlueBubblesCatchUp.class);
    private static final String CURSOR = "rowid";
    private static final List<String> WITH = List.of("chats", "chats.participants", "attachments");
    private static final int PAGE = 1_000;
    private static final int NEWEST = 100;
    private static final int OVERLAP = 50;
    private static final int WIDE_OVERLAP = 200;
    /// Reading many rows again is work for the Mac, which does one thing at a time.
    private static final Duration WIDE = Duration.ofSeconds(30);
    private static final Duration RECOGNIZED = Duration.ofDays(6);

    private final MacApi api;
    private final LineSetup setup;
    private Instant lookedAt;
    private Instant wideDue = Instant.MIN;
    private volatile Optional<Long> cursor = Optional.empty();
    private volatile long seen;
    /// What was there at the first start ends here; nothing at or below it is ever news.
    private long floor;

    BlueBubblesCatchUp(MacApi api, LineSetup setup) {
        this.api = api;
        this.setup = setup;
        this.lookedAt = setup.now();
    }

    /// The highest ROWID up to which everything was read.
    long cursor() {
        return cursor.orElse(0L);
    }

    /// The highest ROWID that was read, whether or not it was taken in by now.
    long seen() {
        return Math.max(seen, cursor());
    }

    /// Hands every new row to `intake`, then moves on; false when the Mac did not answer.
    boolean run(Consumer<MacMessage> intake) {
        Instant begun = setup.now();
        if (cursor.isEmpty() && !begin()) {
            return false;
        }
        long from = cursor();
        boolean wide = !wideDue.isAfter(begun);
        long lowest = Math.max(floor, from - (wide ? WIDE_OVERLAP : OVERLAP));
        Optional<List<MacMessage>> found = page(lowest, Long.MAX_VALUE);
        if (found.isEmpty()) {
            return false;
        }
        boolean read = found.get().size() < PAGE
                ? take(found.get(), from, intake)
                : windows(lowest, from, highest(found.get()), intake);
        if (read && found.get().isEmpty()) {
            read = replaced(intake);
        }
        if (read) {
            lookedAt = begun;
            wideDue = wide ? begun.plus(WIDE) : wideDue;
        }
        return read;
    }

    private boolean windows(long lowest, long from, long until, Consumer<MacMessage> intake) {
        for (long low = lowest; low < until; low += PAGE) {
            Optional<List<MacMessage>> window = page(low, low + PAGE);
            if (window.isEmpty()) {
                return false;
            }
            take(window.get(), from, intake);
            move(Math.max(from, Math.min(low + PAGE, until)));
        }
        return true;
    }

    private boolean take(List<MacMessage> found, long from, Consumer<MacMessage> intake) {
        Instant recognized = setup.now().minus(RECOGNIZED);
        seen = Math.max(seen, highest(found));
        found.stream()
                .filter(row -> row.rowId() > from || row.at().isAfter(recognized))
                .forEach(intake);
        move(Math.max(cursor(), highest(found)));
        return true;
    }

    /// At the very first start what is there already is history.
    private boolean begin() {
        Optional<String[]> kept =
                setup.around().memory().recall(setup.line(), CURSOR).map(note -> note.split(" "));
        if (kept.isPresent()) {
            cursor = Optional.of(Long.valueOf(kept.get()[0]));
            floor = Long.parseLong(kept.get()[1]);
            return true;
        }
        Optional<List<MacMessage>> newest = newest();
        newest.ifPresent(rows -> begin(history(rows)));
        return newest.isPresent();
    }

    private long history(List<MacMessage> newest) {
        return newest.stream()
                .filter(row -> row.at().isBefore(lookedAt))
                .mapToLong(MacMessage::rowId)
                .max()
                .orElse(newest.size() < NEWEST ? 0 : newest.getLast().rowId());
    }

    private void begin(long from) {
        floor = from;
        seen = from;
        cursor = Optional.empty();
        move(from);
    }

    /// Not even the last rows are there: this is another database, whose ROWIDs began anew.
    private boolean replaced(Consumer<MacMessage> intake) {
        Optional<List<MacMessage>> newest = newest();
        if (newest.isEmpty()) {
            return false;
        }
        long highest = highest(newest.get());
        if (highest < cursor()) {
            LOG.warn(
                    "event=mac_database_replaced line={} rowid={} was={}"
                            + " fix=\"if the Mac did not get another Messages database, look what happened to it\"",
                    setup.id(),
                    highest,
                    cursor());
            Instant since = lookedAt.minusSeconds(120);
            newest.get().stream().filter(row -> row.at().isAfter(since)).forEach(intake);
            begin(highest);
        }
        return true;
    }

    private void move(long to) {
        if (cursor.isEmpty() || cursor.get() != to) {
            setup.around().memory().keep(setup.line(), CURSOR, to + " " + floor);
            cursor = Optional.of(to);
        }
    }

    private Optional<List<MacMessage>> page(long after, long until) {
        Map<String, Object> where = new LinkedHashMap<>();
        where.put("message.ROWID > :after", after);
        if (until < Long.MAX_VALUE) {
            where.put("message.ROWID <= :until", until);
        }
        return api.messages(MacApi.query("ASC", PAGE, WITH, where));
    }

    private Optional<List<MacMessage>> newest() {
        return api.messages(MacApi.query("DESC", NEWEST, WITH, Map.of()));
    }

    private static long highest(List<MacMessage> rows) {
        return rows.isEmpty() ? 0 : rows.getLast().rowId();
    }
}
