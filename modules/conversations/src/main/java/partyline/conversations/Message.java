package partyline.conversations;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.media.MediaFailure;
import partyline.transport.Service;

/// One message of a conversation, in either direction. `tapbacks` are the live ones, oldest first.
public record Message(
        Id id,
        Place place,
        Content content,
        Delivery delivery,
        Marks marks,
        List<Tapback> tapbacks,
        Instant createdAt,
        Instant updatedAt) {

    public Message {
        tapbacks = List.copyOf(tapbacks);
    }

    /// Where a message belongs. `line` is the pool line's id, for the pipeline alone.
    public record Place(
            OrganizationId organization,
            Id identity,
            Id conversation,
            Id connection,
            PhoneNumber person,
            String line,
            boolean outbound) {}

    /// What it says. Text may be missing when there is media. `lost` says why what came with it is missing.
    public record Content(
            @Nullable String text,
            List<Media> media,
            @Nullable String sendStyle,
            Optional<MediaFailure> lost,
            Moments moments) {

        public Content(@Nullable String text, List<Media> media, @Nullable String sendStyle) {
            this(text, media, sendStyle, Optional.empty(), Moments.NONE);
        }

        public Content {
            media = List.copyOf(media);
        }

        /// Whether it says nothing, since it was taken back or emptied for its age.
        boolean isEmpty() {
            return text == null && media.isEmpty();
        }

        public Optional<Media> firstMedia() {
            return media.stream().findFirst();
        }
    }

    /// When a person wrote it, as their line says; when they last changed it; when they took it back, and it
    /// says nothing any more.
    public record Moments(Optional<Instant> occurredAt, Optional<Instant> editedAt, Optional<Instant> unsentAt) {

        public static final Moments NONE = new Moments(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// A picture, film or file at `url`; `size` in bytes; `name` is what its sender calls it.
    public record Media(
            String url,
            @Nullable String contentType,
            @Nullable Long size,
            @Nullable String name) {}

    /// How far it got, on what, and why not further.
    public record Delivery(Way way, Status status, Optional<Failure> failure, Times times) {

        /// Of what was just accepted for sending.
        public static final Delivery QUEUED = new Delivery(Way.IMESSAGE, Status.QUEUED, Optional.empty(), Times.NONE);
    }

    /// What it travels on, whether that is less than iMessage, and what was left out on the way: `effect`, `media`.
    public record Way(Service service, boolean downgraded, Set<String> leftOut) {

        public static final Way IMESSAGE = of(Service.IMESSAGE);

        public Way {
            leftOut = Set.copyOf(leftOut);
        }

        /// The way of something that came in on `service`.
        public static Way of(Service service) {
            return new Way(service, false, Set.of());
        }
    }

    /// Why it was not delivered: a stable code, a short message, and, where known, a reason and a sentence.
    public record Failure(
            String code,
            String message,
            @Nullable String reason,
            @Nullable String detail) {}

    /// When it was sent, delivered, read by the person, or given up.
    public record Times(
            Optional<Instant> sentAt,
            Optional<Instant> deliveredAt,
            Optional<Instant> readAt,
            Optional<Instant> failedAt) {

        public static final Times NONE =
                new Times(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// `read`: the agent has marked an inbound message read; `blocked`: it came from somebody who may not write;
    /// `byAdmin`: an admin key sent it in the agent's name.
    public record Marks(boolean read, boolean blocked, boolean byAdmin) {

        /// Of what was sent or came just now.
        static Marks fresh(boolean byAdmin) {
            return new Marks(false, false, byAdmin);
        }
    }

    /// This message as it was when it was accepted for sending, with what is still kept of what it says.
    public Message asAccepted() {
        return new Message(
                id, place, content, Delivery.QUEUED, Marks.fresh(marks.byAdmin()), List.of(), createdAt, createdAt);
    }

    /// This message as it was when it came in on `service`, with what it says.
    public Message asReceived(Service service) {
        Delivery delivery = new Delivery(Way.of(service), Status.RECEIVED, Optional.empty(), Times.NONE);
        return new Message(id, place, content, delivery, Marks.fresh(false), List.of(), createdAt, createdAt);
    }

    /// This message after its delivery went on.
    public Message with(Delivery next, Instant at) {
        return new Message(id, place, content, next, marks, tapbacks, createdAt, at);
    }

    /// This message saying something else.
    public Message with(Content next, Instant at) {
        return new Message(id, place, next, delivery, marks, tapbacks, createdAt, at);
    }

    /// This message with the tapbacks that live on it.
    public Message with(List<Tapback> live) {
        return new Message(id, place, content, delivery, marks, live, createdAt, updatedAt);
    }

    /// How far a message got, in this order; it never goes back. `DECLINED` and `ERROR` are final, `RECEIVED`
    /// is inbound.
    public enum Status {
        REGISTERED,
        PENDING,
        QUEUED,
        ACCEPTED,
        SENT,
        DELIVERED,
        DECLINED,
        ERROR,
        RECEIVED;

        static Status of(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }

        /// The name on the wire and in the database.
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
