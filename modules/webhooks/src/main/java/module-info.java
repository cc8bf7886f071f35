/// Subscriptions to events, and their delivery: signed, retried, remembered.
module partyline.webhooks {
    requires transitive partyline.identities;
    requires transitive partyline.outbound;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.webhooks;
}
