package partyline.drivers;

import java.net.URI;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.transport.LineSetup;

/// The addresses at which a service calls us: one for each kind of news, and one for each send, which tells
/// how far that got. `plain` says that the service itself is on this network, where it may call over http.
public record WebhookAddress(LineSetup setup, boolean plain) {

    private static final String STATUS = "status-";
    private static final int ID_LENGTH = 36;

    /// The message that a call about a send is about, and what its address holds beside it.
    public record Status(Id message, String proof) {}

    public static WebhookAddress of(LineSetup setup, URI service) {
        return new WebhookAddress(setup, "http".equals(service.getScheme()));
    }

    /// Whether the service can call us.
    public boolean reachable() {
        return isFetchable(setup.hookUrl().get());
    }

    /// Whether the service can fetch this address, which it does without any key.
    public boolean isFetchable(String url) {
        return plain || url.startsWith("https://");
    }

    public String of(String kind) {
        return setup.hookUrl().get() + "/" + kind;
    }

    /// Where news of a send is to be told, if the service can call us.
    public Optional<String> status(Id message, String proof) {
        return reachable() ? Optional.of(of(STATUS + message + proof)) : Optional.empty();
    }

    /// What a call of this kind is about, if it is one about a send.
    public static Optional<Status> status(String kind) {
        int end = STATUS.length() + ID_LENGTH;
        return kind.startsWith(STATUS) && kind.length() >= end
                ? Id.tryParse(kind.substring(STATUS.length(), end)).map(id -> new Status(id, kind.substring(end)))
                : Optional.empty();
    }
}
