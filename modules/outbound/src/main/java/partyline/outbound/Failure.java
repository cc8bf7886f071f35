package partyline.outbound;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;

/// What went wrong with a call, in words for the owner of the URL: ours alone, never a library's.
final class Failure {

    private Failure() {}

    static String sentence(Exception failure) {
        return switch (failure) {
            case Client.StaleCheck.Stale stale -> sentence(stale.failure());
            case GuardedResolver.Blocked blocked -> blocked.sentence();
            case UnknownHostException _ -> "the host name could not be resolved";
            case SocketTimeoutException _ -> "no answer in time";
            case ConnectException _ -> "the connection was refused";
            case SSLException tls -> "TLS failed: " + sentence(tls);
            case NoHttpResponseException _ -> "the connection was closed without an answer";
            case MessageConstraintException _ -> Client.TOO_MUCH;
            case ClientProtocolException protocol
            when protocol.getCause() instanceof MessageConstraintException -> Client.TOO_MUCH;
            case HttpException _, ClientProtocolException _, MalformedChunkCodingException _ ->
                "the answer was not HTTP";
            default -> "the connection broke";
        };
    }

    private static String sentence(SSLException failure) {
        List<Throwable> causes = Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(10)
                .toList();
        if (causes.stream().anyMatch(CertificateExpiredException.class::isInstance)) {
            return "the certificate has expired";
        }
        if (causes.stream().anyMatch(SSLPeerUnverifiedException.class::isInstance)) {
            return "the certificate is for another name";
        }
        return causes.stream().anyMatch(GeneralSecurityException.class::isInstance)
                ? "the certificate is not trusted here: serve it with its whole chain, signed by a public authority"
                : "no secure connection was agreed on";
    }
}
