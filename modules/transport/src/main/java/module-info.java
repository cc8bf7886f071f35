/// Lines, the driver interface, the drivers.
module partyline.transport {
    requires transitive partyline.kernel;
    requires java.net.http;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.transport;
}
