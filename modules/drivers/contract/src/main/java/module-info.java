/// What every driver keeps to, and what it is tried with; no part of the program.
module partyline.drivers.contract {
    requires transitive partyline.transport;
    requires transitive jdk.httpserver;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires java.net.http;
    requires transitive partyline.testkit;
    requires static transitive org.jspecify;

    exports partyline.drivers.contract;
}
