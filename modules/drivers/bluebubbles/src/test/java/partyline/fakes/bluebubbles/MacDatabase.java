package partyline.fakes.bluebubbles;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The Mac's message database: rows in the order of their ROWID, and the server's way of querying it. Thread-safe.
final class MacDatabase {

    private final List<MacRow> rows = new ArrayList<>();
    private long lastRowId = 4_710;

    synchronized MacRow insert(String chat, boolean fromMe, String text, long date, Consumer<MacRow> more) {
        lastRowId++;
        String guid = UUID.randomUUID().toString().toUpperCase(Locale.ROOT);
        MacRow row = new MacRow(lastRowId, guid, chat, fromMe, text, date);
        more.accept(row);
        rows.add(row);
        return row;
    }

    synchronized void change(MacRow row, Consumer<MacRow> change) {
        change.accept(row);
    }

    synchronized Optional<MacRow> find(String guid) {
        return rows.stream().filter(row -> row.guid.equals(guid)).findFirst();
    }

    synchronized List<MacRow> all(Predicate<MacRow> wanted) {
        return rows.stream().filter(wanted).toList();
    }

    /// What was written last in this chat.
    synchronized MacRow lastOf(String chat) {
        return rows.reversed().stream()
                .filter(row -> row.chat.equals(chat))
                .findFirst()
                .orElseThrow();
    }

    synchronized ObjectNode json(MacRow row, boolean withChats) {
        return row.json(withChats);
    }

    /// ROWIDs begin anew, as after the Mac was set up again.
    synchronized void replace() {
        rows.clear();
        lastRowId = 0;
    }

    /// A jump in the ROWIDs, as deleted messages leave it.
    synchronized void skip(long rowIds) {
        lastRowId += rowIds;
    }

    /// `POST /message/query`: always ordered by date; asking for chats hides rows that are in none yet.
    synchronized ObjectNode query(JsonNode request) {
        boolean chats =
                request.path("with").valueStream().anyMatch(it -> it.asString().startsWith("chat"));
        Comparator<MacRow> byDate = Comparator.comparingLong(row -> row.date);
        Comparator<MacRow> order = request.path("sort").asString("DESC").equals("ASC") ? byDate : byDate.reversed();
        List<MacRow> found = rows.stream()
                .filter(row -> !chats || row.chatLinked)
                .filter(row -> matches(row, request))
                .sorted(order)
                .toList();
        int offset = request.path("offset").asInt(0);
        int limit = Math.min(request.path("limit").asInt(100), 1000);
        List<MacRow> page = found.stream().skip(offset).limit(limit).toList();
        ArrayNode data = Json.array();
        page.forEach(row -> data.add(row.json(chats)));
        ObjectNode answer = Json.object();
        answer.set("data", data);
        answer.putObject("metadata")
                .put("offset", offset)
                .put("limit", limit)
                .put("total", found.size())
                .put("count", page.size());
        return answer;
    }

    private static boolean matches(MacRow row, JsonNode request) {
        if (request.has("after") && row.date < request.path("after").asLong()) {
            return false;
        }
        if (request.has("chatGuid") && !row.chat.equals(request.path("chatGuid").asString())) {
            return false;
        }
        return request.path("where")
                .valueStream()
                .allMatch(where -> matches(row, where.path("statement").asString(), where.path("args")));
    }

    private static boolean matches(MacRow row, String statement, JsonNode args) {
        return switch (statement) {
            case "message.ROWID > :after" -> row.rowId > args.path("after").asLong();
            case "message.ROWID <= :until" -> row.rowId <= args.path("until").asLong();
            case "message.is_from_me = :mine" ->
                row.fromMe == (args.path("mine").asInt() == 1);
            case "message.associated_message_guid LIKE :target" ->
                row.associatedGuid != null
                        && row.associatedGuid.endsWith(
                                args.path("target").asString().replace("%", ""));
            default -> throw new IllegalArgumentException("SQLITE_ERROR: " + statement);
        };
    }
}
