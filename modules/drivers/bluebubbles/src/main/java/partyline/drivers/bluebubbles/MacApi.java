package partyline.drivers.bluebubbles;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Driver.Download;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The calls of a BlueBubbles server. The password is in every address. Actions keep a distance from each
/// other, since the Mac does one at a time. Thread-safe.
final class MacApi implements AutoCloseable {

    /// The server itself may wait three minutes before it gives a text up; less would make up doubt.
    static final Duration SEND = Duration.ofSeconds(200);
    static final Duration UPLOAD = Duration.ofMinutes(30);
    /// The longest that one message takes: its file goes up, and then it is sent.
    static final Duration LONGEST = UPLOAD.multipliedBy(2).plus(SEND);

    private static final Duration DOWNLOAD = Duration.ofMinutes(1);
    private final HttpCalls calls;
    private final Duration spacing;
    private final CountDownLatch closed = new CountDownLatch(1);
    private long nextAction = System.nanoTime();

    MacApi(HttpCalls calls, Duration spacing) {
        this.calls = calls;
        this.spacing = spacing;
    }

    Reply get(String path, Map<String, String> query) {
        return calls.get(path, query);
    }

    Reply get(String path) {
        return calls.get(path);
    }

    Reply delete(String path) {
        return calls.delete(path);
    }

    /// Asks for something with a body, or changes what no person sees.
    Reply ask(String path, JsonNode body) {
        return calls.post(path, body);
    }

    /// Does something on the Mac, in its turn.
    Reply act(String path, JsonNode body, Duration deadline) {
        awaitTurn();
        return calls.post(path, body, deadline);
    }

    /// Sends a file along with `fields`, in its turn.
    Reply upload(String path, Map<String, String> fields, Attachment file) {
        awaitTurn();
        return calls.upload(path, fields, "attachment", file, UPLOAD);
    }

    /// A question to the message database for at most `limit` rows, `ASC` or `DESC`, with these parts beside
    /// them. Each statement of `where` holds a place, such as `:after`, for its value.
    static ObjectNode query(String sort, int limit, List<String> with, Map<String, Object> where) {
        ObjectNode query = Json.object().put("limit", limit).put("offset", 0).put("sort", sort);
        ArrayNode parts = query.putArray("with");
        with.forEach(parts::add);
        ArrayNode statements = query.putArray("where");
        where.forEach((statement, value) -> statements
                .addObject()
                .put("statement", statement)
                .putObject("args")
                .putPOJO(statement.substring(statement.lastIndexOf(':') + 1), value));
        return query;
    }

    /// The rows that [#query] asks for, in the order of their ROWIDs; empty when the Mac does not say.
    Optional<List<MacMessage>> messages(ObjectNode query) {
        return ask("/message/query", query)
                .answer()
                .map(json -> json.path("data")
                        .valueStream()
                        .map(MacMessage::of)
                        .sorted(Comparator.comparing(MacMessage::rowId))
                        .toList());
    }

    /// One row as the database shows it now, if it does.
    Optional<MacMessage> message(String guid, Map<String, String> query) {
        return get("/message/" + part(guid), query).answer().map(json -> MacMessage.of(json.path("data")));
    }

    /// What somebody can be reached on: not by iMessage is by SMS; empty when Apple does not say.
    Optional<Service> service(PhoneNumber person) {
        return get("/handle/availability/imessage", Map.of("address", person.text()))
                .answer()
                .map(json -> json.path("data").path("available"))
                .filter(JsonNode::isBoolean)
                .map(available -> available.asBoolean() ? Service.IMESSAGE : Service.SMS);
    }

    /// The bytes of an attachment; Apple's own formats come converted.
    Download download(String guid) throws IOException {
        try {
            return HttpCalls.bytes(calls.open("/attachment/" + part(guid) + "/download", DOWNLOAD));
        } catch (IOException e) {
            throw new IOException(
                    "the Mac does not give the attachment out: "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                    e);
        }
    }

    /// One part of a path.
    static String part(String text) {
        return HttpCalls.encoded(text);
    }

    /// Whoever waits for a turn waits no longer.
    @Override
    public void close() {
        closed.countDown();
    }

    private void awaitTurn() {
        try {
            closed.await(turn() - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized long turn() {
        long turn = Math.max(System.nanoTime(), nextAction);
        nextAction = turn + spacing.toNanos();
        return turn;
    }
}
