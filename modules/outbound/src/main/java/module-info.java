/// The one guarded HTTP client for addresses that users name.
module partyline.outbound {
    requires transitive partyline.kernel;
    requires com.github.benmanes.caffeine;
    requires org.apache.httpcomponents.client5.httpclient5;
    requires org.apache.httpcomponents.core5.httpcore5;
    // The client is an automatic module and does not say that it needs these; without them a module-path run dies.
    requires org.apache.httpcomponents.core5.httpcore5.h2;
    requires jdk.net;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports partyline.outbound;
}
