package partyline.app;

import partyline.app.config.Config;
import partyline.app.stream.EventStreams;
import partyline.app.stream.OpenStreams;
import partyline.contacts.ContactNames;
import partyline.kernel.EventLog;
import partyline.kernel.Pruning;
import partyline.outbound.Outbound;
import partyline.webhooks.Deliveries;
import partyline.webhooks.DeliveryLog;
import partyline.webhooks.Subscriptions;
import partyline.webhooks.WebhookSender;

/// How agents hear of what happens: webhooks and the event stream.
final class Notices {

    final Subscriptions subscriptions;
    final Deliveries deliveries;
    final DeliveryLog log;
    final OpenStreams streams;
    final EventStreams events;
    private final Pruning pruning;

    Notices(Config config, Ground ground, Messaging messaging, Outbound outbound, Closeables open) {
        subscriptions =
                new Subscriptions(ground.storage, ground.identities, ground.signingKeys, ground.serverKey, outbound);
        WebhookSender postman = new WebhookSender(ground.signingKeys, ground.serverKey, outbound);
        ContactNames names = new ContactNames(ground.database);
        ConversationContext context = new ConversationContext(messaging.conversations, names);
        deliveries = open.add(new Deliveries(
                ground.storage, postman, context, config.webhooks().deliveries()));
        log = new DeliveryLog(ground.storage, postman);
        streams =
                new OpenStreams(config.events().streamsPerKey(), config.events().streamsPerOrganization());
        events = new EventStreams(
                ground.storage, names, ground.keys, streams, config.events().heartbeat());
        pruning = open.add(new EventLog(ground.database)
                .pruning(ground.clock, config.retention().events()));
    }

    /// Begins to post what is owed.
    void start() {
        pruning.start();
        deliveries.start();
    }
}
