/// The program: HTTP API, commands, configuration, wiring.
module partyline.app {
    requires partyline.contacts;
    requires partyline.drivers.androidsms;
    requires partyline.drivers.bluebubbles;
    requires partyline.drivers.imsg;
    requires partyline.drivers.linq;
    requires partyline.drivers.sendblue;
    requires partyline.drivers.simulator;
    requires partyline.drivers.twilio;
    requires partyline.drivers.webhook;
    requires partyline.router;
    requires partyline.webhooks;
    requires com.github.benmanes.caffeine;
    requires io.javalin;
    requires info.picocli;
    requires io.nayuki.qrcodegen;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires java.management;
    requires java.net.http;
    requires jdk.httpserver;
    requires jakarta.servlet;
    requires kotlin.stdlib;
    requires org.commonmark;
    requires org.commonmark.ext.gfm.tables;
    requires org.commonmark.ext.heading.anchor;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.io;
    requires org.eclipse.jetty.server;
    requires org.slf4j;
    requires tools.jackson.dataformat.yaml;
    requires static org.jspecify;

    exports partyline.app.log to
            org.slf4j;

    provides org.slf4j.spi.SLF4JServiceProvider with
            partyline.app.log.LogProvider;

    opens partyline.app to
            info.picocli;
}
