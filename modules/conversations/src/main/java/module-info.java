/// Connections, conversations, messages and the send pipeline.
module partyline.conversations {
    requires transitive partyline.identities;
    requires transitive partyline.rules;
    requires transitive partyline.transport;
    requires transitive partyline.media;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.conversations;
}
