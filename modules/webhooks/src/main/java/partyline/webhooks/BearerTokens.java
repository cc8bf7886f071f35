package partyline.webhooks;

import java.util.Optional;
import partyline.identities.ServerKey;
import partyline.kernel.Id;
import tools.jackson.databind.JsonNode;

/// What receivers want to see as `Authorization: Bearer …`. Each lies sealed for its own subscription, so
/// that one which was put into another row opens nothing.
record BearerTokens(ServerKey key) {

    private static final String SHAPE = "[!-~]{1,4096}";

    /// What is wrong with an `auth_token` as a client sent it, to be read after that name; it is not quoted.
    static Optional<String> problem(JsonNode json) {
        return json.stringValue("").matches(SHAPE)
                ? Optional.empty()
                : Optional.of("must have 1 to 4096 printable ASCII characters without spaces: the token alone, without"
                        + " the word Bearer");
    }

    String seal(Id subscription, String token) {
        return key.seal(token, place(subscription));
    }

    String unseal(Id subscription, String sealed) {
        return key.unseal(sealed, place(subscription));
    }

    private static String place(Id subscription) {
        return "webhook_subscription.auth_token " + subscription.text();
    }
}
