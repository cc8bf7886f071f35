package partyline.drivers.imsg;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Json;
import partyline.transport.LineSetup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what is new in the Mac's message database, in the order of its ROWIDs, and remembers how far it has come. A
/// row is invisible until it is in a chat, and may lack its file at first: so the last ones are read again each
/// time, and more of them now and then. Of those, the inbox recognizes what it had for a week. Used by one thread,
/// but for [#latest] and [#row].
final class ImsgCatchUp {

    /// One answer, and where the next one begins.
    private record Page(List<ImsgMessage> rows, long next, boolean more) {}

    private static final Logger LOG = LoggerFactory.getLogger(ImsgCatchUp.class);
    private static final String CURSOR = "rowid";
    private static final int PAGE = 200;
    private static final int OVERLAP = 50;
    private static final int WIDE_OVERLAP = 200;
    private static final int NEWEST_CHATS = 5;
    private static final int NEWEST = 50;
    private static final Duration WIDE = Duration.ofSeconds(30);
    private static final Duration RECOGNIZED = Duration.ofDays(6);
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(2);

    private final ImsgClient imsg;
    private final LineSetup setup;
    private volatile Optional<Long> cursor = Optional.empty();
    /// What was there at the first start ends here; nothing at or below it is ever news.
    private long floor;

    private Instant lookedAt;
    private Instant wideDue = Instant.MIN;
    private int start;

    ImsgCatchUp(ImsgClient imsg, LineSetup setup) {
        this.imsg = imsg;
        this.setup = setup;
        this.lookedAt = setup.now();
    }

    /// Hands every row that may be new to `intake`, then moves on; false when imsg did not say all.
    boolean run(Consumer<ImsgMessage> intake) {
        Instant begun = setup.now();
        if (cursor.isEmpty() && !begin()) {
            return false;
        }
        long from = cursor();
        boolean wide = !wideDue.isAfter(begun);
        Instant recognized = begun.minus(RECOGNIZED);
        long lowest = Math.max(floor, from - (wide ? WIDE_OVERLAP : OVERLAP));
        Optional<Page> page = page(lowest);
        if (page.isPresent() && page.get().rows().isEmpty() && start != imsg.starts()) {
            return replaced(intake);
        }
        while (page.isPresent()) {
            page.get().rows().stream()
                    .filter(row -> row.rowId() > from
                            || row.at().filter(recognized::isBefore).isPresent())
                    .forEach(intake);
            move(Math.max(cursor(), page.get().next()));
            if (!page.get().more()) {
                lookedAt = begun;
                wideDue = wide ? begun.plus(WIDE) : wideDue;
                start = imsg.starts();
                return true;
            }
            page = page(page.get().next());
        }
        return false;
    }

    /// Whether there is a row that was not read; costs next to nothing.
    boolean isBehind() {
        return cursor.flatMap(this::page).filter(page -> !page.rows().isEmpty()).isPresent();
    }

    /// Every row from about `rows` ROWIDs before the newest that was read; empty when imsg did not say all, and before
    /// anything was read: then it would be the whole database.
    Optional<List<ImsgMessage>> latest(long rows) {
        Optional<Page> page = cursor.flatMap(newest -> page(Math.max(0, newest - rows)));
        Stream<ImsgMessage> all = Stream.empty();
        while (page.isPresent()) {
            all = Stream.concat(all, page.get().rows().stream());
            if (!page.get().more()) {
                return Optional.of(all.toList());
            }
            page = page(page.get().next());
        }
        return Optional.empty();
    }

    /// The row of this ROWID.
    Optional<ImsgMessage> row(long rowId) {
        ObjectNode one =
                Json.object().put("since_rowid", rowId - 1).put("limit", 1).put("attachments", true);
        return imsg.call("messages.after", one, ImsgClient.QUICK)
                .result()
                .map(json -> ImsgMessage.of(json.path("messages").path(0)))
                .filter(row -> row.rowId() == rowId);
    }

    private long cursor() {
        return cursor.orElse(0L);
    }

    /// At the very first start what is there already is history.
    private boolean begin() {
        Optional<String[]> kept =
                setup.around().memory().recall(setup.line(), CURSOR).map(note -> note.split(" "));
        if (kept.isPresent()) {
            floor = Long.parseLong(kept.get()[1]);
            move(Long.parseLong(kept.get()[0]));
            return true;
        }
        Optional<List<ImsgMessage>> newest = newest();
        newest.ifPresent(rows -> beginAt(history(rows)));
        return newest.isPresent();
    }

    private long history(List<ImsgMessage> newest) {
        return newest.stream()
                .filter(row -> row.at().filter(lookedAt::isAfter).isPresent())
                .mapToLong(ImsgMessage::rowId)
                .max()
                .orElse(isAll(newest) ? 0 : newest.getFirst().rowId() - 1);
    }

    /// Whether a Mac that shows these last rows has no others.
    private static boolean isAll(List<ImsgMessage> newest) {
        return newest.size() < NEWEST
                && newest.stream().map(row -> row.chat().id()).distinct().count() < NEWEST_CHATS;
    }

    /// Not even the last rows are there: this may be another database, whose ROWIDs began anew.
    private boolean replaced(Consumer<ImsgMessage> intake) {
        Optional<List<ImsgMessage>> newest = newest();
        if (newest.isEmpty()) {
            return false;
        }
        long highest = newest.get().stream().mapToLong(ImsgMessage::rowId).max().orElse(0);
        if (highest < cursor()) {
            LOG.warn(
                    "event=mac_database_replaced line={} rowid={} was={}"
                            + " fix=\"if the Mac did not get another Messages database, look what happened to it\"",
                    setup.id(),
                    highest,
                    cursor());
            Instant since = lookedAt.minus(CLOCKS_DIFFER);
            newest.get().stream()
                    .filter(row -> row.at().filter(since::isBefore).isPresent())
                    .forEach(intake);
            beginAt(highest);
        }
        start = imsg.starts();
        return true;
    }

    private void beginAt(long rowId) {
        floor = rowId;
        move(rowId);
    }

    private void move(long to) {
        if (cursor.isEmpty() || cursor.get() != to) {
            setup.around().memory().keep(setup.line(), CURSOR, to + " " + floor);
            cursor = Optional.of(to);
        }
    }

    private Optional<Page> page(long after) {
        ObjectNode wanted = Json.object()
                .put("since_rowid", after)
                .put("limit", PAGE)
                .put("attachments", true)
                .put("include_reactions", true);
        return imsg.call("messages.after", wanted, ImsgClient.QUICK)
                .result()
                .map(json -> new Page(
                        rows(json),
                        json.path("next_rowid").asLong(after),
                        json.path("has_more").asBoolean(false)
                                && json.path("next_rowid").asLong(after) > after));
    }

    /// The last rows of the chats that were used last, in order. imsg does not tell the highest ROWID by itself.
    private Optional<List<ImsgMessage>> newest() {
        ObjectNode few = Json.object().put("limit", NEWEST_CHATS);
        Optional<JsonNode> chats =
                imsg.call("chats.list", few, ImsgClient.QUICK).result();
        if (chats.isEmpty()) {
            return Optional.empty();
        }
        Stream<ImsgMessage> all = Stream.empty();
        for (JsonNode chat : chats.get().path("chats")) {
            ObjectNode last = Json.object()
                    .put("chat_id", chat.path("id").asLong(0))
                    .put("limit", NEWEST)
                    .put("attachments", true);
            Optional<JsonNode> rows =
                    imsg.call("messages.history", last, ImsgClient.QUICK).result();
            if (rows.isEmpty()) {
                return Optional.empty();
            }
            all = Stream.concat(all, rows(rows.get()).stream());
        }
        return Optional.of(all.sorted((one, other) -> Long.compare(one.rowId(), other.rowId()))
                .toList());
    }

    private static List<ImsgMessage> rows(JsonNode json) {
        return json.path("messages").valueStream().map(ImsgMessage::of).toList();
    }
}
