package partyline.kernel;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// An entry of the [Journal]: something happened that an agent may want to know.
///
/// `event` is its id, spelt by [#id] the same in every webhook and stream; `seq` counts from 1 per organization.
/// `handle` is what the identity was called that it is about.
public record Event(Id event, long seq, Instant occurredAt, Draft draft, Optional<String> handle) {

    private static final String PREFIX = "evt_";

    /// An event before the journal has numbered it. `conversation` and `person` are empty where it concerns none;
    /// without an `identity` it concerns the organization, and only its admins read it.
    public record Draft(
            OrganizationId organization,
            Optional<Id> identity,
            Optional<Id> conversation,
            Optional<PhoneNumber> person,
            String type,
            EventData content) {

        /// One that is kept as `data` says it.
        public Draft(
                OrganizationId organization,
                Optional<Id> identity,
                Optional<Id> conversation,
                Optional<PhoneNumber> person,
                String type,
                String data) {
            this(organization, identity, conversation, person, type, EventData.of(data));
        }

        /// The JSON object that goes out as the envelope's `data`.
        public String data() {
            return content.json();
        }
    }

    /// Its id as it is spelt: `evt_` and 32 hex digits.
    public String id() {
        return id(event);
    }

    public String type() {
        return draft.type();
    }

    /// This event with other data.
    public Event with(String data) {
        Draft changed = new Draft(
                draft.organization(), draft.identity(), draft.conversation(), draft.person(), draft.type(), data);
        return new Event(event, seq, occurredAt, changed, handle);
    }

    /// What webhooks post and streams show: `{"id", "event_type", "timestamp", "agent_identity", "data"}`.
    public String envelope() {
        return Json.write(head().putRawValue("data", new RawValue(draft.data())));
    }

    /// How an event's id is spelt.
    public static String id(Id id) {
        return PREFIX + id.text().replace("-", "");
    }

    /// The [#envelope] as a tree.
    public ObjectNode json() {
        ObjectNode envelope = head();
        envelope.set("data", Json.read(draft.data()));
        return envelope;
    }

    private ObjectNode head() {
        return head(
                id(event),
                draft.type(),
                Timestamps.iso(occurredAt),
                draft.identity().map(identity -> identity(identity, handle)).orElse(null));
    }

    /// An envelope without its data. `identity` is null where it concerns none.
    public static ObjectNode head(String id, String type, String time, @Nullable ObjectNode identity) {
        ObjectNode envelope = Json.object();
        envelope.put("id", id);
        envelope.put("event_type", type);
        envelope.put("timestamp", time);
        envelope.set("agent_identity", identity);
        return envelope;
    }

    /// How an envelope names the identity that it is about.
    public static ObjectNode identity(Id id, Optional<String> handle) {
        return Json.object().put("id", id.text()).put("agent_handle", handle.orElse(null));
    }
}
