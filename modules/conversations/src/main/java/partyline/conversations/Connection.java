package partyline.conversations;

import java.time.Instant;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import tools.jackson.databind.node.ObjectNode;

/// A person and an identity, joined by the router; the API calls it an assignment. `line` is the id of the pool line
/// that carries it, and is nobody's business outside.
public record Connection(
        Id id,
        OrganizationId organization,
        Id identity,
        PhoneNumber person,
        String line,
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> releasedAt) {

    public boolean active() {
        return releasedAt.isEmpty();
    }

    /// The API's word for it: `active` or `released`.
    public String status() {
        return active() ? "active" : "released";
    }

    /// This connection after its end.
    public Connection released(Instant at) {
        return new Connection(id, organization, identity, person, line, createdAt, at, Optional.of(at));
    }

    /// The assignment object of the wire. It never names the line.
    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("id", id.text());
        json.put("remote_number", person.text());
        json.put("agent_identity_id", identity.text());
        json.put("organization_id", organization.text());
        json.put("status", status());
        json.put("released_at", releasedAt.map(Timestamps::iso).orElse(null));
        json.put("created_at", Timestamps.iso(createdAt));
        json.put("updated_at", Timestamps.iso(updatedAt));
        return json;
    }

    /// The `data` of an event about a connection.
    String eventData() {
        ObjectNode data = Json.object();
        data.set("assignment", json());
        return Json.write(data);
    }
}
