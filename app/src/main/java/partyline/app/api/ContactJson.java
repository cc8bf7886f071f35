package partyline.app.api;

import java.util.List;
import partyline.contacts.Card;
import partyline.contacts.Contact;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The contact object of the wire, every key of it, as the caller may see it. Nobody is written down but by
/// hand, and nothing is remembered of them but what is written, so some keys say the same of everybody.
final class ContactJson {

    private static final List<String> MEMORIES = List.of("memory_count", "latest_memory");

    private ContactJson() {}

    /// Who it is, for whoever shows many: without what may be long, and without memories.
    static ObjectNode slim(Contact contact, Caller caller) {
        return of(contact, caller).remove(Card.LONG).remove(MEMORIES);
    }

    static ObjectNode of(Contact contact, Caller caller) {
        ObjectNode json = Json.object();
        json.put("id", contact.id().text());
        json.put("organization_id", contact.organization().text());
        json.put("status", "active");
        Card.TEXTS.forEach(
                key -> json.put(key, contact.card().fields().path(key).stringValue(null)));
        Card.LISTS.forEach(key -> {
            JsonNode items = contact.card().fields().path(key);
            json.set(key, items.isArray() ? items : Json.array());
        });
        json.putArray("access");
        json.put("creation_source", "manual");
        json.put("review_status", contact.review().confirmed() ? "confirmed" : "unreviewed");
        json.put("reviewed_at", contact.review().at().map(Timestamps::iso).orElse(null));
        json.putNull("reviewed_by");
        json.put("is_confirmed", contact.review().confirmed());
        json.put("is_auto_created", false);
        json.put("preferred_name_source", "manual");
        json.putNull("preferred_name_locked_at");
        // Agents do not know of each other.
        json.put(
                "created_by_identity_id",
                contact.createdBy().filter(caller::mayActAs).map(Id::text).orElse(null));
        json.putNull("merged_into_contact_id");
        json.put("created_at", Timestamps.iso(contact.createdAt()));
        json.put("updated_at", Timestamps.iso(contact.updatedAt()));
        return json.put("memory_count", 0).putNull("latest_memory");
    }
}
