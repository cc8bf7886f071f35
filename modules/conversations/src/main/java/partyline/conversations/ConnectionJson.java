package partyline.conversations;

import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import tools.jackson.databind.node.ObjectNode;

/// The assignment object of the wire. It never names the line.
final class ConnectionJson {

    private ConnectionJson() {}

    static ObjectNode of(Connection connection) {
        ObjectNode json = Json.object();
        json.put("id", connection.id().text());
        json.put("remote_number", connection.person().text());
        json.put("agent_identity_id", connection.identity().text());
        json.put("organization_id", connection.organization().text());
        json.put("status", connection.status());
        json.put("released_at", connection.releasedAt().map(Timestamps::iso).orElse(null));
        json.put("created_at", Timestamps.iso(connection.createdAt()));
        json.put("updated_at", Timestamps.iso(connection.updatedAt()));
        return json;
    }

    /// The `data` of an event about a connection.
    static String eventData(Connection connection) {
        ObjectNode data = Json.object();
        data.set("assignment", of(connection));
        return Json.write(data);
    }
}
