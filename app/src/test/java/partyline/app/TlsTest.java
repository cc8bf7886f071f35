package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.app.Api.waitFor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.app.config.Config;
import partyline.app.config.Settings;
import partyline.app.http.Tls;
import partyline.app.operator.ServerCheck;
import partyline.kernel.StartupFailure;

/// TLS without a proxy, with files that are good, wrong, or new.
class TlsTest {

    @TempDir
    Path folder;

    private Path certificate;
    private Path key;

    @BeforeEach
    void make() throws Exception {
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("key.pem");
        certify("first", "RSA", certificate, key);
    }

    @Test
    void it_answers_over_https_and_says_so() throws IOException {
        try (TestServer server = started();
                SSLSocket client = connect(server, "TLSv1.2")) {
            assertThat(ask(client, "/healthz")).startsWith("HTTP/1.1 200");
            assertThat(Banner.of(server.wiring(), false)).contains("API      https://127.0.0.1:");
            assertThat(nameOf(client)).isEqualTo("CN=first");
        }
    }

    @Test
    void what_is_older_than_tls_1_2_is_refused() throws IOException {
        try (TestServer server = started()) {
            assertThatThrownBy(() -> connect(server, "TLSv1.1")).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void new_files_are_for_new_connections_and_open_ones_go_on() throws Exception {
        try (TestServer server = started();
                SSLSocket before = connect(server, "TLSv1.3")) {
            assertThat(ask(before, "/healthz")).startsWith("HTTP/1.1 200");

            certify("second", "EC", certificate, key);

            assertThat(waitFor(() -> presented(server), "CN=second"::equals)).isEqualTo("CN=second");
            assertThat(ask(before, "/healthz")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void new_files_that_are_wrong_leave_the_old_ones_in_use_until_they_are_mended() throws Exception {
        try (TestServer server = started()) {
            Files.writeString(key, "half a key");
            assertThat(presented(server)).isEqualTo("CN=first");

            certify("third", "EC", certificate, key);

            assertThat(waitFor(() -> presented(server), "CN=third"::equals)).isEqualTo("CN=third");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "certificate, '', http.tls.certificate: certificate.pem has no certificate",
        "certificate, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', is damaged",
        "key, '', http.tls.key: key.pem has no key",
        "key, '-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n', openssl pkey -in key.pem",
        "key, '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n', locked with a password",
        "key, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', is not the key of the certificate"
    })
    void a_file_that_is_wrong_ends_the_start_and_a_check_with_the_same_sentence(
            String file, String text, String sentence) throws IOException {
        Files.writeString(folder.resolve(file + ".pem"), text);

        assertThatThrownBy(this::started)
                .isInstanceOf(StartupFailure.class)
                .satisfies(e -> assertThat(plain(e.getMessage())).contains(sentence));
        assertThat(plain(check())).contains(sentence);
    }

    @Test
    void a_key_of_another_certificate_is_refused() throws Exception {
        certify("other", "RSA", folder.resolve("other.pem"), key);

        assertThat(check()).contains("is not the key of the certificate");
    }

    @Test
    void a_file_that_is_not_there_is_named() throws IOException {
        Files.delete(key);

        assertThat(check()).contains("Cannot read http.tls.key " + key);
    }

    @Test
    void a_check_is_content_with_good_files() throws IOException {
        assertThat(check()).contains("http.tls  ok");
    }

    @Test
    void one_file_without_the_other_is_refused() {
        assertThatThrownBy(() -> Config.of(Settings.read(
                        Optional.empty(), Map.of("PARTYLINE_HTTP_TLS_CERTIFICATE", certificate.toString()), Map.of())))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("http.tls.key is not set");
    }

    private TestServer started() throws IOException {
        TestServer server = new TestServer("http: {tls: {certificate: '%s', key: '%s'}}".formatted(certificate, key));
        server.open();
        return server;
    }

    private String check() throws IOException {
        Config config = Config.of(Settings.read(
                Optional.empty(),
                Map.of(),
                Map.of(
                        "http.tls.certificate", certificate.toString(),
                        "http.tls.key", key.toString(),
                        "http.port", "0",
                        "data.folder", folder.resolve("data").toString())));
        StringWriter said = new StringWriter();
        ServerCheck.run(config, new PrintWriter(said, true));
        return said.toString();
    }

    private String plain(String sentence) {
        return sentence.replace(folder + "/", "");
    }

    private static SSLSocket connect(TestServer server, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) Tls.ofOurselves().createSocket();
        socket.connect(server.wiring().address());
        socket.setSoTimeout(30_000);
        socket.setEnabledProtocols(new String[] {protocol});
        socket.startHandshake();
        return socket;
    }

    private static String presented(TestServer server) {
        try (SSLSocket client = connect(server, "TLSv1.3")) {
            return nameOf(client);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String nameOf(SSLSocket client) throws IOException {
        X509Certificate shown = (X509Certificate) client.getSession().getPeerCertificates()[0];
        return shown.getSubjectX500Principal().getName();
    }

    /// The first line of an answer, whose body has been read too.
    private static String ask(SSLSocket client, String path) throws IOException {
        client.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        InputStream in = client.getInputStream();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII), 1);
        String first = lines.readLine();
        int length = 0;
        for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.replaceAll("\\D", ""));
            }
        }
        assertThat(lines.skip(length)).isEqualTo(length);
        return first;
    }

    /// With the JDK's own tool. The key is written last, as by who renews them.
    private void certify(String name, String algorithm, Path certificate, Path key)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path store = folder.resolve(name + ".p12");
        Process tool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=" + name,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "secret"))
                .inheritIO()
                .start();
        assertThat(tool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore made = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        write(certificate, "CERTIFICATE", made.getCertificate("it").getEncoded());
        write(key, "PRIVATE KEY", made.getKey("it", "secret".toCharArray()).getEncoded());
    }

    private static void write(Path file, String kind, byte[] content) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                        .formatted(kind, Base64.getMimeEncoder().encodeToString(content), kind));
    }
}
