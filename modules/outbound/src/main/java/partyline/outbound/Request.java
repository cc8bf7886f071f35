package partyline.outbound;

import java.util.Map;

/// A POST to a user's `url`. `operator` tells whether the organization that runs the server asks for it, which may also
/// reach the networks it allowed. The headers are sent as they are, the body byte for byte; give it a `Content-Type`.
public record Request(String url, boolean operator, Map<String, String> headers, byte[] body) {

    public Request {
        headers = Map.copyOf(headers);
    }
}
