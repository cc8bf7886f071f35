package partyline.kernel;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// An entry of the [Journal]: something happened that an agent may want to know.
///
/// `id` is `evt_` and 32 hex digits, the same in every webhook and stream; `seq` counts from 1 per organization.
public record Event(String id, long seq, Instant occurredAt, Draft draft) {

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

    public String type() {
        return draft.type();
    }

    /// This event with other data.
    public Event with(String data) {
        Draft changed = new Draft(
                draft.organization(), draft.identity(), draft.conversation(), draft.person(), draft.type(), data);
        return new Event(id, seq, occurredAt, changed);
    }

    /// What webhooks post and streams show: `{"id", "event_type", "timestamp", "data"}`.
    public String envelope() {
        return envelope(id, draft.type(), occurredAt, draft.data());
    }

    /// The envelope of an event of which no more is known.
    public static String envelope(String id, String type, Instant occurredAt, String data) {
        return Json.write(head(id, type, occurredAt).putRawValue("data", new RawValue(data)));
    }

    /// The [#envelope] as a tree.
    public ObjectNode json() {
        ObjectNode envelope = head(id, draft.type(), occurredAt);
        envelope.set("data", Json.read(draft.data()));
        return envelope;
    }

    private static ObjectNode head(String id, String type, Instant occurredAt) {
        ObjectNode envelope = Json.object();
        envelope.put("id", id);
        envelope.put("event_type", type);
        envelope.put("timestamp", Timestamps.iso(occurredAt));
        return envelope;
    }
}
