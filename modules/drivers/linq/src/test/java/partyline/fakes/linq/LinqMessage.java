package partyline.fakes.linq;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeLine;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A message as the fake Linq keeps it, and as it tells of it: flat in calls, with a status in lists and answers.
final class LinqMessage {

    /// A tapback on one of its parts.
    record Reaction(int part, String type, @Nullable String emoji, boolean ours) {

        ObjectNode json(String line) {
            return Json.object()
                    .put("type", type)
                    .put("custom_emoji", emoji)
                    .put("is_me", ours)
                    .set("handle", handle(ours ? line : FakeLine.PERSON, ours));
        }
    }

    final String id;
    final boolean outbound;
    final String line;
    final Instant created;
    final List<ObjectNode> parts = new ArrayList<>();
    final List<Reaction> reactions = new ArrayList<>();
    String chat = "";
    String person = FakeLine.PERSON;
    String status = "pending";
    Service service = Service.IMESSAGE;
    Instant updated;
    boolean group;
    boolean deleted;

    @Nullable
    String effect;

    @Nullable
    String key;

    /// In place of the service's name, and of the dates.
    @Nullable
    String oddService;

    @Nullable
    String oddDate;

    LinqMessage(String id, boolean outbound, String line, Instant created) {
        this.id = id;
        this.outbound = outbound;
        this.line = line;
        this.created = created;
        this.updated = created;
    }

    LinqMessage text(String value) {
        parts.add(Json.object().put("type", "text").put("value", value));
        return this;
    }

    Optional<String> text() {
        return parts.stream()
                .filter(part -> part.path("type").asString().equals("text"))
                .map(part -> part.path("value").asString())
                .findFirst();
    }

    boolean hasMedia() {
        return parts.stream().anyMatch(part -> part.path("type").asString().equals("media"));
    }

    /// As a call tells of it, in the version of 2026-02-03.
    ObjectNode event() {
        ObjectNode json = common();
        ObjectNode at = json.putObject("chat").put("id", chat).put("is_group", group);
        at.set("owner_handle", handle(line, true));
        json.put("direction", outbound ? "outbound" : "inbound").put("idempotency_key", key);
        return json.set("sender_handle", handle(outbound ? line : person, outbound));
    }

    /// As a list or an answer shows it.
    ObjectNode json() {
        ObjectNode json = common().put("chat_id", chat)
                .put("is_from_me", outbound)
                .put("delivery_status", status)
                .put("is_delivered", status.equals("delivered") || status.equals("read"))
                .put("is_read", status.equals("read"))
                .put("updated_at", Timestamps.iso(updated));
        for (int part = 0; part < parts.size(); part++) {
            int index = part;
            reactions.stream()
                    .filter(it -> it.part() == index)
                    .forEach(it -> ((ObjectNode) json.path("parts").path(index))
                            .withArray("reactions")
                            .add(it.json(line)));
        }
        return json.set("from_handle", handle(outbound ? line : person, outbound));
    }

    static ObjectNode handle(String handle, boolean ours) {
        return Json.object()
                .put("id", "handle of " + handle)
                .put("handle", handle)
                .put("is_me", ours)
                .put("service", "iMessage");
    }

    private ObjectNode common() {
        String at = oddDate == null ? Timestamps.iso(created) : oddDate;
        boolean delivered = status.equals("delivered") || status.equals("read");
        ObjectNode json = Json.object()
                .put("id", id)
                .put("created_at", at)
                .put("sent_at", status.equals("pending") ? null : at)
                .put("delivered_at", delivered ? Timestamps.iso(updated) : null)
                .put("read_at", status.equals("read") ? Timestamps.iso(updated) : null)
                .put("service", status.equals("pending") ? null : name())
                .put("a_field_of_next_year", true);
        parts.forEach(part -> json.withArray("parts").add(part.deepCopy()));
        JsonNode style =
                effect == null ? null : Json.object().put("type", "screen").put("name", effect);
        return json.set("effect", style);
    }

    private String name() {
        return oddService != null
                ? oddService
                : switch (service) {
                    case IMESSAGE -> "iMessage";
                    case RCS -> "RCS";
                    case SMS -> "SMS";
                };
    }
}
