/// Lines that some program of the operator speaks for.
module partyline.drivers.webhook {
    requires transitive partyline.drivers;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports partyline.drivers.webhook;
}
