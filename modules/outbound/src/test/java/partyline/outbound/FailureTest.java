package partyline.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.junit.jupiter.api.Test;

class FailureTest {

    private static final String INNER = "sun.security.provider.certpath.SunCertPathBuilderException: no path";

    @Test
    void what_is_wrong_with_a_certificate_is_told_in_our_words() {
        assertThat(Failure.sentence(handshake(new CertPathBuilderException(INNER))))
                .startsWith("TLS failed: the certificate is not trusted here");
        assertThat(Failure.sentence(handshake(new CertificateExpiredException(INNER))))
                .isEqualTo("TLS failed: the certificate has expired");
        assertThat(Failure.sentence(new SSLPeerUnverifiedException(INNER)))
                .isEqualTo("TLS failed: the certificate is for another name");
        assertThat(Failure.sentence(new SSLException("Unsupported or unrecognized SSL message")))
                .isEqualTo("TLS failed: no secure connection was agreed on");
    }

    @Test
    void no_failure_names_a_class_or_repeats_a_librarys_words() {
        List<Exception> failures = List.of(
                handshake(new CertPathBuilderException(INNER)),
                new IOException(INNER),
                new SocketException("Connection reset"),
                new HttpException(INNER),
                new ClientProtocolException(INNER),
                new MessageConstraintException(INNER),
                new Client.StaleCheck.Stale(new IOException(INNER)));

        assertThat(failures)
                .allSatisfy(failure -> assertThat(Failure.sentence(failure))
                        .doesNotContain("Exception")
                        .doesNotContain("sun.")
                        .doesNotContain("reset")
                        .doesNotContain("no path"));
    }

    private static SSLException handshake(Exception cause) {
        SSLHandshakeException failure = new SSLHandshakeException("PKIX path building failed: " + INNER);
        failure.initCause(cause);
        return failure;
    }
}
