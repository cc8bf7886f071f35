package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.transport.DriverState;
import partyline.transport.Line;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what is new in the Mac's message database, in the order of its ROWIDs, and remembers how far it has come.
///
/// Rows come ordered by date, so a page that is full says nothing about what is missing below its highest ROWID: then
/// the range is read in windows. A row is invisible until it is in a chat, and may change afterwards, so the last ones
/// are read again each time, and more of them now and then; of those, the inbox recognizes what it had for a week.
/// Used by one thread, but for [#cursor] and [#seen].
final class BlueBubblesCatchUp {

    /// The rows to take in now, and what to call when they are on disk.
    private record Found(List<MacMessage> rows, long highest) {}

    private static final Logger LOG = LoggerFactory.getLogger(BlueBubblesCatchUp.class);
    private static final String CURSOR = "rowid";
    private static final int PAGE = 1_000;
    private static final int NEWEST = 100;
    private static final int OVERLAP = 50;
    private static final int WIDE_OVERLAP = 200;
    /// Reading many rows again is work for the Mac, which does one thing at a time.
    private static final Duration WIDE = Duration.ofSeconds(30);
    private static final Duration RECOGNIZED = Duration.ofDays(6);

    private final MacApi api;
    private final Line line;
    private final DriverState memory;
    private final InstantSource clock;
    private Instant lookedAt;
    private Instant wideDue = Instant.MIN;
    private volatile Optional<Long> cursor = Optional.empty();
    private volatile long seen;
    /// What was there at the first start ends here; nothing at or below it is ever news.
    private long floor;

    BlueBubblesCatchUp(MacApi api, Line line, DriverState memory, InstantSource clock) {
        this.api = api;
        this.line = line;
        this.memory = memory;
        this.clock = clock;
        this.lookedAt = clock.instant();
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
        Instant begun = clock.instant();
        if (cursor.isEmpty() && !begin()) {
            return false;
        }
        long from = cursor();
        boolean wide = !wideDue.isAfter(begun);
        long lowest = Math.max(floor, from - (wide ? WIDE_OVERLAP : OVERLAP));
        Optional<Found> found = page(lowest, Long.MAX_VALUE);
        if (found.isEmpty()) {
            return false;
        }
        boolean read = found.get().rows().size() < PAGE
                ? take(found.get(), from, intake)
                : windows(lowest, from, found.get().highest(), intake);
        if (read && found.get().rows().isEmpty()) {
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
            Optional<Found> window = page(low, low + PAGE);
            if (window.isEmpty()) {
                return false;
            }
            take(window.get(), from, intake);
            move(Math.max(from, Math.min(low + PAGE, until)));
        }
        return true;
    }

    private boolean take(Found found, long from, Consumer<MacMessage> intake) {
        Instant recognized = clock.instant().minus(RECOGNIZED);
        seen = Math.max(seen, found.highest());
        found.rows().stream()
                .filter(row -> row.rowId() > from || row.at().isAfter(recognized))
                .forEach(intake);
        move(Math.max(cursor(), found.highest()));
        return true;
    }

    /// At the very first start what is there already is history.
    private boolean begin() {
        Optional<String[]> kept = memory.recall(line, CURSOR).map(note -> note.split(" "));
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
        long highest = newest.get().stream().mapToLong(MacMessage::rowId).max().orElse(0);
        if (highest < cursor()) {
            LOG.warn("event=mac_database_replaced line={} rowid={} was={}", line.id(), highest, cursor());
            Instant since = lookedAt.minusSeconds(120);
            newest.get().stream().filter(row -> row.at().isAfter(since)).forEach(intake);
            begin(highest);
        }
        return true;
    }

    private void move(long to) {
        if (cursor.isEmpty() || cursor.get() != to) {
            memory.keep(line, CURSOR, to + " " + floor);
            cursor = Optional.of(to);
        }
    }

    private Optional<Found> page(long after, long until) {
        ObjectNode query = query("ASC", PAGE);
        ArrayNode where = query.putArray("where");
        where.addObject()
                .put("statement", "message.ROWID > :after")
                .putObject("args")
                .put("after", after);
        if (until < Long.MAX_VALUE) {
            where.addObject()
                    .put("statement", "message.ROWID <= :until")
                    .putObject("args")
                    .put("until", until);
        }
        return rows(query)
                .map(rows -> new Found(rows, rows.isEmpty() ? 0 : rows.getLast().rowId()));
    }

    private Optional<List<MacMessage>> newest() {
        return rows(query("DESC", NEWEST));
    }

    private Optional<List<MacMessage>> rows(ObjectNode query) {
        if (!(api.ask("/message/query", query) instanceof Reply.Answered answer) || !answer.success()) {
            return Optional.empty();
        }
        List<MacMessage> rows = new ArrayList<>();
        for (JsonNode row : answer.json().path("data")) {
            rows.add(MacMessage.of(row));
        }
        rows.sort(Comparator.comparing(MacMessage::rowId));
        return Optional.of(rows);
    }

    private static ObjectNode query(String sort, int limit) {
        ObjectNode query = Json.object().put("limit", limit).put("offset", 0).put("sort", sort);
        query.putArray("with").add("chats").add("chats.participants").add("attachments");
        return query;
    }
}
