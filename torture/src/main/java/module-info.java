/// Kills the packaged server at random, again and again, and judges what is left. Requires none of the server's
/// modules, so that the judge shares no code with what it judges.
module partyline.torture {
    requires java.net.http;
    requires jdk.httpserver;
    requires tools.jackson.databind;
    requires static org.jspecify;
}
