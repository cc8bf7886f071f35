package partyline.drivers;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import partyline.transport.Receipt;
import partyline.transport.Service;

/// One message as a hosted service tells of it, in its answers, its calls or its list; `at` is when it was written.
/// What is not told is empty.
public record ServiceMessage(
        String id,
        boolean outbound,
        Ends ends,
        Content content,
        Optional<Service> service,
        Progress progress,
        Optional<Instant> at) {

    /// Who speaks with which line; the person is empty when they have no telephone number, too: then `address` is what
    /// the service calls them.
    public record Ends(Optional<PhoneNumber> person, Optional<PhoneNumber> line, boolean group, String address) {}

    /// What it says, and what came along; null for what it does not have.
    public record Content(
            @Nullable String text,
            List<Media> media,
            @Nullable String sendStyle) {

        public Content {
            media = List.copyOf(media);
        }
    }

    /// Something that came along with a text. The address is empty where it is yet to be asked for, the type and the
    /// name of the file where they are not told.
    public record Media(String url, String type, String name) {

        /// One of a service that tells no names.
        public Media(String url, String type) {
            this(url, type, "");
        }
    }

    /// How far it got, if more is told than that it was taken; what went wrong, if something did; and when that was.
    public record Progress(Optional<Receipt.Kind> kind, Optional<Receipt.Failure> failure, Optional<Instant> at) {

        public static final Progress NONE = new Progress(Optional.empty(), Optional.empty(), Optional.empty());
    }
}
