package partyline.drivers.sendblue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.drivers.WebhookAddress;
import partyline.kernel.Hmac;
import partyline.kernel.Id;
import partyline.transport.LineSetup;

/// The addresses at which Sendblue calls us, and what proves that it is Sendblue. Messages and typing bring our secret
/// in a header; a status callback brings nothing, so its address holds the message's id and a MAC over it.
record SendblueWebhooks(LineSetup setup, WebhookAddress address) {

    Optional<String> status(Id message) {
        return address.status(message, mac("status " + message));
    }

    /// The message that a status callback of this kind is about, if its MAC is right.
    Optional<Id> statusOf(String kind) {
        return WebhookAddress.status(kind)
                .filter(it -> Hmac.same(mac("status " + it.message()), it.proof()))
                .map(WebhookAddress.Status::message);
    }

    /// What Sendblue is told to send in `sb-signing-secret`.
    String secret() {
        return mac("sb-signing-secret");
    }

    boolean isSecret(@Nullable String offered) {
        return Hmac.same(secret(), offered);
    }

    private String mac(String text) {
        String secret = setup.around().memory().secret(setup.line());
        return HexFormat.of()
                .formatHex(Hmac.sha256(secret.getBytes(StandardCharsets.UTF_8)).of(text));
    }
}
