package partyline.app.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.app.config.Config;
import partyline.kernel.PeriodicTask;
import partyline.kernel.StartupFailure;

/// TLS 1.2 and 1.3 of our own, with what [PemFiles] reads. The files are looked at every few seconds: new ones
/// count for new connections, and those that are open go on. New ones that are wrong are logged, and the old ones
/// stay. Nothing of it is loaded where it is not configured. Thread-safe.
public final class Tls implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final Duration LOOK = Duration.ofSeconds(3);

    private final Config.Tls files;
    private final SslContextFactory.Server context = new SslContextFactory.Server();
    private final PeriodicTask watch = new PeriodicTask("tls-files", LOOK, LOOK, this::look);
    private List<Object> seen;

    /// Reads the files.
    ///
    /// @throws StartupFailure when one of them is wrong.
    Tls(Config.Tls files) {
        this.files = files;
        this.seen = traits();
        PemFiles read = PemFiles.read(files);
        context.setKeyStore(read.store());
        context.setKeyStorePassword("");
        context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        LOG.info("event=tls_certificate_read until={}", read.until());
    }

    /// Where clients connect; it begins to look at the files.
    Connector listen(Server server, HttpConfiguration http, String host, int port) {
        HttpConfiguration secure = new HttpConfiguration(http);
        // Whatever host name clients say: they know best whether the certificate is that of whom they mean.
        secure.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory requests = new HttpConnectionFactory(secure);
        ServerConnector connector =
                new ServerConnector(server, new SslConnectionFactory(context, requests.getProtocol()), requests);
        connector.setHost(host);
        connector.setPort(port);
        watch.start();
        return connector;
    }

    /// What reads requests from a client, inside of what decrypts them.
    static @Nullable Connection requests(EndPoint client) {
        return client.getConnection() instanceof SslConnection outer
                ? outer.getSslEndPoint().getConnection()
                : client.getConnection();
    }

    /// For a program that talks with itself, and so takes any certificate.
    public static SSLSocketFactory ofOurselves() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        watch.close();
    }

    private void look() {
        List<Object> now = traits();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            PemFiles read = PemFiles.read(files);
            context.reload(it -> ((SslContextFactory.Server) it).setKeyStore(read.store()));
            LOG.info("event=tls_certificate_read until={}", read.until());
        } catch (StartupFailure e) {
            LOG.error(
                    "event=tls_files_wrong kept=old cause=\"{}\""
                            + " fix=\"mend the two files of http.tls; they are read again when they change\"",
                    e.getMessage());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// What changes with the files.
    private List<Object> traits() {
        return List.of(traits(files.certificateFile()), traits(files.keyFile()));
    }

    private static Object traits(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(found.lastModifiedTime(), found.size(), String.valueOf(found.fileKey()));
        } catch (IOException e) {
            return "";
        }
    }

    private static final class Anybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
