package partyline.webhooks;

import java.util.List;
import java.util.Optional;
import partyline.kernel.Id;
import tools.jackson.databind.JsonNode;

/// A wish for a subscription, as a client sent it: nothing but the types of the values is checked. `context` is the
/// `context_config`, empty for none.
public record NewSubscription(Id identity, String url, List<String> eventTypes, Optional<JsonNode> context) {

    public NewSubscription {
        eventTypes = List.copyOf(eventTypes);
    }
}
