package partyline.drivers.linq;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import partyline.drivers.ContactCards;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.kernel.FileName;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Attachments;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Line;
import partyline.transport.Outgoing;
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
    private static final int FETCHED = 10 << 20;

    private static final int PUT = 100 << 20;

    /// What came of a file that goes along with a text.
    sealed interface Attached {

        record Nothing() implements Attached {}

        /// It is there, as this part of a message.
        record Part(ObjectNode json) implements Attached {}

        /// It cannot be had, now or later.
        record Gone() implements Attached {}

        /// Linq cannot take it now.
        record Later() implements Attached {}
    }

    /// One page of a list, and what to ask for the next with, empty after the last.
    record Page(List<JsonNode> rows, String next) {}

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
    Reply send(Optional<String> chat, PhoneNumber to, ObjectNode message) {
        ObjectNode body = Json.object();
        if (chat.isEmpty()) {
            body.put("from", line.number().text()).set("to", Json.array().add(to.text()));
        }
        body.set("message", message);
        return calls.post(chat.map(id -> "/v3/chats/" + id + "/messages").orElse("/v3/chats"), body, SEND);
    }

    /// The threads of this number in which `person` takes part.
    List<LinqChat> chatsWith(PhoneNumber person) {
        return page("/v3/chats", "chats", Map.of("from", line.number().text(), "to", person.text()), "").stream()
                .flatMap(page -> page.rows().stream().map(LinqChat::of))
                .toList();
    }

    Optional<LinqChat> chat(String id) {
        return calls.get("/v3/chats/" + HttpCalls.encoded(id)).answer().map(LinqChat::of);
    }

    /// All threads of this number, a page at a time.
    Optional<Page> chats(String cursor) {
        return page("/v3/chats", "chats", Map.of("from", line.number().text()), cursor);
    }

    /// What was written in `chat` since `from`, oldest first; empty when Linq does not say. In which order it lists is
    /// told nowhere, so its first page shows whether the rest is older still.
    Optional<List<ServiceMessage>> messages(LinqChat chat, Instant from) {
        List<ServiceMessage> found = new ArrayList<>();
        String cursor = "";
        boolean downwards;
        boolean more;
        do {
            Optional<Page> page = page("/v3/chats/" + chat.id() + "/messages", "messages", Map.of(), cursor);
            if (page.isEmpty()) {
                return Optional.empty();
            }
            List<Instant> written = new ArrayList<>();
            for (JsonNode row : page.get().rows()) {
                written.add(LinqMessages.instant(row, "created_at").orElse(from));
                if (!changed(row, from).isBefore(from)) {
                    found.add(LinqMessages.listed(row, chat));
                }
            }
            cursor = page.get().next();
            downwards = !written.isEmpty() && !written.getLast().isAfter(written.getFirst());
            more = !cursor.isEmpty() && !(downwards && written.getLast().isBefore(from));
        } while (more);
        if (downwards) {
            Collections.reverse(found);
        }
        found.sort(Comparator.comparing(message -> message.at().orElse(from)));
        return Optional.of(found);
    }

    /// What goes along with a text, as a part of the message: by its address, where Linq can fetch that and it tells
    /// what
    /// the file is called, else put there.
    Attached attach(Outgoing message, Attachments attachments) {
        String card = message.contactCard();
        String url = message.mediaUrl();
        if (url == null && card == null) {
            return new Attached.Nothing();
        }
        try (Attachment file = url == null ? card(String.valueOf(card), attachments) : attachments.open(url)) {
            return url != null && isFetched(url, file) ? new Attached.Part(part().put("url", url)) : put(file);
        } catch (IOException e) {
            return new Attached.Gone();
        }
    }

    private static boolean isFetched(String url, Attachment file) {
        return url.startsWith("https://")
                && file.size() >= 0
                && file.size() <= FETCHED
                && FileName.ofUrl(url).equals(Optional.of(file.name()));
    }

    private static Attachment card(String card, Attachments attachments) {
        byte[] bytes = ContactCards.whole(card, attachments).getBytes(StandardCharsets.UTF_8);
        return file("contact.vcf", "text/vcard", bytes);
    }

    private static Attachment file(String name, String type, byte[] bytes) {
        return new Attachment(name, type, bytes.length, new ByteArrayInputStream(bytes));
    }

    /// Linq wants to know the size beforehand.
    private Attached put(Attachment file) throws IOException {
        if (file.size() < 0) {
            byte[] bytes = file.body().readNBytes(FETCHED + 1);
            return bytes.length > FETCHED ? new Attached.Gone() : put(file(file.name(), file.contentType(), bytes));
        }
        if (file.size() > PUT) {
            return new Attached.Gone();
        }
        ObjectNode asked = Json.object()
                .put("filename", file.name())
                .put("content_type", file.contentType())
                .put("size_bytes", file.size());
        Reply place = calls.post("/v3/attachments", asked);
        Optional<JsonNode> there = place.answer();
        if (there.isEmpty()) {
            return without(place);
        }
        Map<String, String> headers = new HashMap<>();
        there.get().path("required_headers").forEachEntry((name, value) -> headers.put(name, value.asString("")));
        Reply put = files.put(there.get().path("upload_url").asString(""), headers, file, UPLOAD);
        String id = there.get().path("attachment_id").asString("");
        return put.success() ? new Attached.Part(part().put("attachment_id", id)) : without(put);
    }

    private static Attached without(Reply reply) {
        boolean never = reply instanceof Reply.Answered answer && answer.status() / 100 == 4 && answer.status() != 429;
        return never ? new Attached.Gone() : new Attached.Later();
    }

    private static ObjectNode part() {
        return Json.object().put("type", "media");
    }

    private Optional<Boolean> available(String check, PhoneNumber person) {
        ObjectNode asked = Json.object()
                .put("address", person.text())
                .put("from", line.number().text());
        return calls.post("/v3/capability/" + check, asked)
                .answer()
                .map(json -> json.path("available").asBoolean(false));
    }

    private Optional<Page> page(String path, String rows, Map<String, String> query, String cursor) {
        Map<String, String> asked = new HashMap<>(query);
        asked.put("limit", PAGE);
        if (!cursor.isEmpty()) {
            asked.put("cursor", cursor);
        }
        return calls.get(path, asked)
                .answer()
                .filter(json -> json.path(rows).isArray())
                .map(json -> new Page(
                        json.path(rows).valueStream().toList(),
                        json.path("next_cursor").asString("")));
    }

    private static Instant changed(JsonNode message, Instant otherwise) {
        return LinqMessages.instant(message, "updated_at", "created_at").orElse(otherwise);
    }
}
