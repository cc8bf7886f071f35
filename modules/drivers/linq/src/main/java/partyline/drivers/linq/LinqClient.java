package partyline.drivers.linq;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.kernel.FileName;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Line;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is asked of Linq for one number of an account; `files` goes wherever it wants bytes to be put. Thread-safe.
record LinqClient(HttpCalls calls, HttpCalls files, Line line) {

    private static final Duration SEND = Duration.ofSeconds(30);
    private static final Duration UPLOAD = Duration.ofMinutes(5);
    /// What a send takes at most, with what is asked before it.
    static final Duration SENT_WITHIN =
            SEND.plus(HttpCalls.QUICK.multipliedBy(3)).plusSeconds(5);

    static final Duration UPLOADED_WITHIN = SENT_WITHIN.plus(UPLOAD).plus(SEND).plus(HttpCalls.QUICK);

    private static final String PAGE = "100";
    /// The largest file that Linq fetches, and that it lets be put.
    private static final int LARGEST_FETCHED = 10 << 20;

    private static final int LARGEST = 100 << 20;

    Reply numbers() {
        return calls.get("/v3/phone_numbers");
    }

    /// What somebody can be reached on; empty when Linq does not say. Whether they have RCS it cannot always find out;
    /// SMS is then taken for true.
    Optional<Service> service(PhoneNumber person) {
        return available("check_imessage", person).map(imessage -> {
            boolean rcs = !imessage && available("check_rcs", person).orElse(false);
            return imessage ? Service.IMESSAGE : rcs ? Service.RCS : Service.SMS;
        });
    }

    /// Where `message` goes: into `chat`, or, when that is empty, into the one that Linq has or makes for the two.
    Reply send(Optional<String> chat, String to, ObjectNode message) {
        ObjectNode body = Json.object();
        if (chat.isEmpty()) {
            body.put("from", line.number().text()).set("to", Json.array().add(to));
        }
        body.set("message", message);
        return calls.post(chat.map(id -> "/v3/chats/" + id + "/messages").orElse("/v3/chats"), body, SEND);
    }

    /// The threads of this number in which `person` takes part.
    List<LinqChat> chatsWith(PhoneNumber person) {
        return calls.get("/v3/chats", Map.of("from", line.number().text(), "to", person.text())).answer().stream()
                .flatMap(LinqClient::chats)
                .toList();
    }

    Optional<LinqChat> chat(String id) {
        return calls.get("/v3/chats/" + HttpCalls.encoded(id)).answer().map(LinqChat::of);
    }

    /// The threads of this number, page by page as long as one of a page `isNews`; empty when Linq does not say.
    Optional<List<LinqChat>> chats(Predicate<LinqChat> isNews) {
        List<LinqChat> found = new ArrayList<>();
        Map<String, String> query = Map.of("from", line.number().text(), "limit", PAGE);
        Reply last = calls.pages(
                "/v3/chats",
                query,
                page -> chats(page).anyMatch(isNews) ? next(page, query) : Optional.empty(),
                page -> chats(page).forEach(found::add));
        return last.success() ? Optional.of(found) : Optional.empty();
    }

    /// What was written or changed in `chat` since `from`, oldest first; empty when Linq does not say. A chat that
    /// is gone has nothing. The order of the list is told nowhere, so a page shows whether the rest is older still.
    Optional<List<ServiceMessage>> messages(LinqChat chat, Instant from) {
        List<JsonNode> rows = new ArrayList<>();
        Map<String, String> query = Map.of("limit", PAGE);
        Reply last = calls.pages(
                "/v3/chats/" + HttpCalls.encoded(chat.id()) + "/messages",
                query,
                page -> {
                    List<JsonNode> these = page.path("messages").valueStream().toList();
                    boolean past =
                            isDownwards(these) && written(these.getLast()).isBefore(from);
                    return past ? Optional.empty() : next(page, query);
                },
                page -> page.path("messages").forEach(rows::add));
        boolean gone = last instanceof Reply.Answered answer && answer.isRefusal();
        if (!last.success() && !gone) {
            return Optional.empty();
        }
        List<JsonNode> upwards = isDownwards(rows) ? rows.reversed() : rows;
        return Optional.of(upwards.stream()
                .filter(row -> !LinqMessages.instant(row, "updated_at", "created_at")
                        .orElse(from)
                        .isBefore(from))
                .map(row -> LinqMessages.listed(row, chat))
                .toList());
    }

    /// Brings Linq a file: by its address, where Linq can fetch that and it tells what the file is called, else its
    /// bytes, where Linq wants them put. The answer has the `url` or the `attachment_id`.
    Reply upload(@Nullable String url, Attachment file) {
        if (url != null && isFetchable(url, file)) {
            return new Reply.Answered(200, Json.write(Json.object().put("url", url)));
        }
        ObjectNode asked = Json.object()
                .put("filename", file.name())
                .put("content_type", file.contentType())
                .put("size_bytes", file.size());
        if (file.size() < 0 || file.size() > LARGEST) {
            return new Reply.Answered(400, "");
        }
        Reply place = calls.post("/v3/attachments", asked);
        return place.answer()
                .map(there -> put(there, file))
                .filter(put -> !put.success())
                .orElse(place);
    }

    /// Whoever stores the bytes knows no key of ours: what it refuses, it refuses for ever.
    private Reply put(JsonNode there, Attachment file) {
        Map<String, String> headers = new HashMap<>();
        there.path("required_headers").forEachEntry((name, value) -> headers.put(name, value.asString("")));
        Reply put = files.put(there.path("upload_url").asString(""), headers, file, UPLOAD);
        return put instanceof Reply.Answered no && no.refusesUs() ? new Reply.Answered(400, no.body()) : put;
    }

    private static boolean isFetchable(String url, Attachment file) {
        return url.startsWith("https://")
                && file.size() >= 0
                && file.size() <= LARGEST_FETCHED
                && FileName.ofUrl(url).equals(Optional.of(file.name()));
    }

    private static boolean isDownwards(List<JsonNode> rows) {
        return !rows.isEmpty() && !written(rows.getLast()).isAfter(written(rows.getFirst()));
    }

    private static Instant written(JsonNode message) {
        return LinqMessages.instant(message, "created_at").orElse(Instant.MAX);
    }

    private static Stream<LinqChat> chats(JsonNode page) {
        return page.path("chats").valueStream().map(LinqChat::of);
    }

    private static Optional<Map<String, String>> next(JsonNode page, Map<String, String> query) {
        String cursor = page.path("next_cursor").asString("");
        Map<String, String> next = new HashMap<>(query);
        next.put("cursor", cursor);
        return cursor.isEmpty() ? Optional.empty() : Optional.of(next);
    }

    private Optional<Boolean> available(String check, PhoneNumber person) {
        ObjectNode asked = Json.object()
                .put("address", person.text())
                .put("from", line.number().text());
        return calls.post("/v3/capability/" + check, asked)
                .answer()
                .map(json -> json.path("available").asBoolean(false));
    }
}
