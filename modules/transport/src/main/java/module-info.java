/// Lines, the driver interface, the inbox and the outbox.
module partyline.transport {
    requires transitive partyline.kernel;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.transport;
}
