package partyline.webhooks;

import java.util.List;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;

/// Where a subscription points, as its row says: whose it is, whether the operator's organization owns it, its bearer
/// token, sealed, what it wants, and up to which number of the journal everything is told or stored as failed.
record Target(
        Id subscription,
        OrganizationId organization,
        Id identity,
        boolean operator,
        String url,
        Optional<String> token,
        List<String> eventTypes,
        Optional<ContextConfig> context,
        boolean paused,
        long position) {

    boolean wants(String eventType) {
        return eventTypes.contains(eventType);
    }
}
