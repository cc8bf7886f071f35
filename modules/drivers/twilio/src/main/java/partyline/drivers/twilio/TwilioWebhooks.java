package partyline.drivers.twilio;

import java.util.Optional;
import partyline.drivers.RefusedCalls;
import partyline.kernel.Id;
import partyline.transport.LineSetup;
import partyline.transport.WebhookReceiver;

/// The addresses at which Twilio calls us, and whether it is Twilio that does.
final class TwilioWebhooks {

    static final String RECEIVE = "receive";
    private static final String STATUS = "status-";

    private final LineSetup setup;
    private final TwilioSignature signature;
    private final RefusedCalls refused = new RefusedCalls();
    private final boolean plainAllowed;

    TwilioWebhooks(LineSetup setup, TwilioSettings account) {
        this.setup = setup;
        this.signature = new TwilioSignature(account.signingKeys());
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

    /// A call that it is not is remembered: see [#refused].
    boolean isTwilio(WebhookReceiver.Request request, TwilioForm form) {
        TwilioSignature.Offered offered = new TwilioSignature.Offered(
                request.header("x-twilio-signature"), request.header("x-twilio-webhooks-signature-settings"));
        String query = request.query();
        boolean right = signature.proves(offered, url(request.kind()) + (query.isEmpty() ? "" : "?" + query), form);
        if (right) {
            refused.proven();
        } else {
            form.get("MessageSid").ifPresent(refused::refused);
        }
        return right;
    }

    RefusedCalls refused() {
        return refused;
    }

    private String url(String kind) {
        return setup.hookUrl().get() + "/" + kind;
    }
}
