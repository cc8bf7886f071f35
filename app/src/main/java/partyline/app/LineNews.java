package partyline.app;

import java.util.Optional;
import java.util.function.Consumer;
import partyline.identities.Organization;
import partyline.kernel.Event;
import partyline.kernel.Json;
import partyline.kernel.Storage;
import partyline.transport.LineStatus;
import tools.jackson.databind.node.ObjectNode;

/// Tells the operator's organization, on its event stream alone, that a line went down or came back.
final class LineNews implements Consumer<LineStatus> {

    private final Storage storage;
    private final Organization operator;

    LineNews(Storage storage, Organization operator) {
        this.storage = storage;
        this.operator = operator;
    }

    @Override
    public void accept(LineStatus status) {
        ObjectNode data = Json.object();
        data.putNull("message");
        data.putNull("reaction");
        ObjectNode line = data.putObject("line");
        line.put("id", status.line().id());
        line.put(
                "detail",
                status.health().detail().isEmpty() ? null : status.health().detail());
        storage.database()
                .update(tx -> storage.journal()
                        .append(
                                tx,
                                new Event.Draft(
                                        operator.id(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        status.down() ? "line.down" : "line.up",
                                        Json.write(data))));
    }
}
