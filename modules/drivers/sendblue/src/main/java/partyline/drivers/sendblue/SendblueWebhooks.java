package partyline.drivers.sendblue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.drivers.Hmac;
import partyline.drivers.RefusedCalls;
import partyline.kernel.Id;
import partyline.transport.LineSetup;

/// The addresses at which Sendblue calls us, and what proves that it is Sendblue. Messages and typing bring our secret
/// in a header; a status callback brings nothing, so its address holds the message's id and a MAC over it.
final class SendblueWebhooks {

    private static final String STATUS = "status-";
    private static final int ID_LENGTH = 36;

    private final LineSetup setup;
    private final RefusedCalls refused = new RefusedCalls();
    private final boolean plainAllowed;

    SendblueWebhooks(LineSetup setup, SendblueSettings account) {
        this.setup = setup;
        this.plainAllowed = "http".equals(account.url().getScheme());
    }

    /// Whether Sendblue can call us: over https, or when it is itself on this network.
    boolean reachable() {
        return plainAllowed || setup.hookUrl().get().startsWith("https://");
    }

    String url(String kind) {
        return setup.hookUrl().get() + "/" + kind;
    }

    Optional<String> statusUrl(Id message) {
        return reachable() ? Optional.of(url(STATUS + message + mac("status " + message))) : Optional.empty();
    }

    /// The message that a status callback of this kind is about, if its MAC is right.
    Optional<Id> statusOf(String kind) {
        if (!kind.startsWith(STATUS) || kind.length() < STATUS.length() + ID_LENGTH) {
            return Optional.empty();
        }
        int end = STATUS.length() + ID_LENGTH;
        return Id.tryParse(kind.substring(STATUS.length(), end))
                .filter(id -> Hmac.same(mac("status " + id), kind.substring(end)));
    }

    /// What Sendblue is told to send in `sb-signing-secret`.
    String secret() {
        return mac("sb-signing-secret");
    }

    boolean isSecret(@Nullable String offered) {
        return Hmac.same(secret(), offered);
    }

    /// Calls about messages that brought another secret.
    RefusedCalls refused() {
        return refused;
    }

    private String mac(String text) {
        String secret = setup.around().memory().secret(setup.line());
        return HexFormat.of()
                .formatHex(Hmac.sha256(secret.getBytes(StandardCharsets.UTF_8)).of(text));
    }
}
