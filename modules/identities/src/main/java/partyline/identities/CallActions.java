package partyline.identities;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Database;

/// What each agent asked to be done with incoming calls. There are none: it is kept only to be told again. Thread-safe:
/// it holds no state of its own.
public final class CallActions {

    /// A wish, word for word; `action` is one of the four names of the wire contract.
    public record CallAction(
            String action,
            @Nullable String clientWebsocketUrl,
            @Nullable String webhookUrl) {}

    private final Database database;

    public CallActions(Database database) {
        this.database = database;
    }

    /// What was last asked for an identity that the caller was allowed to see.
    public Optional<CallAction> find(Identity identity) {
        return database.read(handle -> handle.createQuery(
                        "SELECT action, client_websocket_url, webhook_url FROM call_action WHERE identity_id = :identity")
                .bind("identity", identity.id().text())
                .map((row, _) -> new CallAction(
                        row.getString("action"), row.getString("client_websocket_url"), row.getString("webhook_url")))
                .findOne());
    }

    /// Keeps `wish` in place of an earlier one.
    public void put(Identity identity, CallAction wish) {
        database.update(tx -> tx.handle()
                .createUpdate("""
                        INSERT INTO call_action (identity_id, action, client_websocket_url, webhook_url)
                        VALUES (:identity, :action, :websocket, :webhook)
                        ON CONFLICT (identity_id) DO UPDATE
                           SET action = excluded.action, client_websocket_url = excluded.client_websocket_url,
                               webhook_url = excluded.webhook_url
                        """)
                .bind("identity", identity.id().text())
                .bind("action", wish.action())
                .bind("websocket", wish.clientWebsocketUrl())
                .bind("webhook", wish.webhookUrl())
                .execute());
    }
}
