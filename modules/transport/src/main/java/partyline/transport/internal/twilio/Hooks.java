package partyline.transport.internal.twilio;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;
import partyline.transport.LineSetup;

/// The addresses at which Twilio calls us, and whether it is Twilio that does.
final class Hooks {

    static final String RECEIVE = "receive";
    private static final String STATUS = "status-";

    private final LineSetup setup;
    private final Signature signature;
    private final boolean plainAllowed;

    Hooks(LineSetup setup, Account account) {
        this.setup = setup;
        this.signature = Signature.of(account.authTokens());
        this.plainAllowed = "http".equals(account.url().getScheme());
    }

    /// Whether Twilio can call us: over https, or when it is itself on this network.
    boolean reachable() {
        return isFetchable(setup.hookUrl().get());
    }

    /// Whether Twilio can fetch this address, which it does without any key.
    boolean isFetchable(String url) {
        return plainAllowed || url.startsWith("https://");
    }

    String receiveUrl() {
        return url(RECEIVE);
    }

    String statusUrl(Id message) {
        return url(STATUS + message);
    }

    /// The send that a status callback of this kind is about.
    Optional<Id> statusOf(String kind) {
        return kind.startsWith(STATUS) ? Id.tryParse(kind.substring(STATUS.length())) : Optional.empty();
    }

    boolean isTwilio(@Nullable String offered, String kind, String query, Form form) {
        return signature.proves(offered, url(kind) + (query.isEmpty() ? "" : "?" + query), form);
    }

    private String url(String kind) {
        return setup.hookUrl().get() + "/" + kind;
    }
}
