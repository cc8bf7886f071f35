/// What drivers share: calls with a deadline, a reconciler, rounds, keys, signatures.
module partyline.drivers {
    requires transitive partyline.transport;
    requires transitive java.net.http;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.drivers;
}
