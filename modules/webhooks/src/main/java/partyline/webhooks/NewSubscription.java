package partyline.webhooks;

import java.util.List;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.outbound.Outbound;
import tools.jackson.databind.JsonNode;

/// A wish for a subscription, as a client sent it: nothing but the types of the values is checked, and the
/// URL is brought to its normal form. `context` is the `context_config` and `token` the `auth_token`, empty
/// for none.
public record NewSubscription(
        Id identity, String url, List<String> eventTypes, Optional<JsonNode> context, Optional<JsonNode> token) {

    public NewSubscription {
        url = Outbound.normal(url);
        eventTypes = List.copyOf(eventTypes);
    }
}
