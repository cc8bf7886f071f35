/// Lines that need no phone.
module partyline.drivers.simulator {
    requires transitive partyline.transport;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.drivers.simulator;
}
