/// Follows four journeys through the packaged server and lists the files that each of them runs. Requires none of the
/// server's modules: it knows the server by its HTTP API, its jar and its sources.
module partyline.journey {
    requires java.net.http;
    requires jdk.httpserver;
    requires jdk.jfr;
    requires org.jacoco.core;
    requires tools.jackson.databind;
    requires static org.jspecify;
}
