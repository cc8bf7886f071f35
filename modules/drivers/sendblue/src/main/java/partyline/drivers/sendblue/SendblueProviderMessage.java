package partyline.drivers.sendblue;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import partyline.transport.Receipt;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// One message as Sendblue tells of it: in the answer to a send, in callbacks and in lists, with names that differ a
/// little from one to the other.
record SendblueProviderMessage(
        String handle,
        boolean outbound,
        boolean group,
        String status,
        Ends ends,
        Content content,
        Optional<Service> service,
        Optional<Receipt.Failure> failure,
        Times times) {

    /// Who speaks with which line of the account; the person is empty when they have no telephone number,
    /// the line when it is not told.
    record Ends(Optional<PhoneNumber> person, Optional<PhoneNumber> line) {

        /// `number` is the person, whichever way it went; the other two are the person and the line in an
        /// order that not all of Sendblue's tellers agree upon.
        static Ends of(JsonNode json, boolean outbound) {
            String number = text(json, "number", outbound ? "to_number" : "from_number");
            Optional<PhoneNumber> person = Optional.ofNullable(number).flatMap(PhoneNumber::parse);
            return new Ends(
                    person,
                    Stream.of("sendblue_number", "to_number", "from_number")
                            .flatMap(key -> PhoneNumber.parse(json.path(key).asString("")).stream())
                            .filter(it -> !Optional.of(it).equals(person))
                            .findFirst());
        }
    }

    /// What it says; null for what it does not have.
    record Content(
            @Nullable String text,
            @Nullable String mediaUrl,
            @Nullable String sendStyle) {}

    /// Empty where Sendblue does not say.
    record Times(Optional<Instant> sent, Optional<Instant> updated) {}

    private static final Set<String> FAILED = Set.of("ERROR", "DECLINED");

    /// The message that `json` tells of; empty when it has no handle.
    static Optional<SendblueProviderMessage> of(JsonNode json) {
        String handle = text(json, "message_handle", "messageHandle");
        if (handle == null) {
            return Optional.empty();
        }
        boolean outbound =
                json.path("is_outbound").asBoolean(json.path("isOutbound").asBoolean(false));
        String status = Optional.ofNullable(text(json, "status")).orElse("").toUpperCase(Locale.ROOT);
        return Optional.of(new SendblueProviderMessage(
                handle,
                outbound,
                text(json, "group_id") != null || "group".equals(text(json, "message_type")),
                status,
                Ends.of(json, outbound),
                new Content(text(json, "content"), text(json, "media_url"), text(json, "send_style")),
                service(json),
                FAILED.contains(status) ? Optional.of(failure(json)) : Optional.empty(),
                new Times(instant(text(json, "date_sent")), instant(text(json, "date_updated")))));
    }

    /// How far it got, if its status tells more than that it was taken.
    Optional<Receipt.Kind> progress() {
        return switch (status) {
            case "SENT", "SUCCESS" -> Optional.of(Receipt.Kind.SENT);
            case "DELIVERED" -> Optional.of(Receipt.Kind.DELIVERED);
            case "READ" -> Optional.of(Receipt.Kind.READ);
            case "ERROR", "DECLINED" -> Optional.of(Receipt.Kind.FAILED);
            default -> Optional.empty();
        };
    }

    /// Why something failed, in our words where there are some.
    static Receipt.Failure failure(JsonNode json) {
        String code = Optional.ofNullable(text(json, "error_code", "errorCode")).orElse("");
        String why = text(json, "error_detail", "error_reason", "error_message", "message");
        String detail = why == null ? "Sendblue does not say why." : why;
        if (json.path("opted_out").asBoolean(false)) {
            return new Receipt.Failure("opted_out", "The person asked this number not to text them.");
        }
        return switch (code) {
            case "" -> new Receipt.Failure("delivery_error", detail);
            case "4002" -> new Receipt.Failure("opted_out", "The person asked this number not to text them.");
            case "22" -> new Receipt.Failure("no_imessage", "The person has no iMessage at this number.");
            case "10002" -> new Receipt.Failure("outcome_unknown", "Sendblue does not know whether it was sent.");
            default -> new Receipt.Failure("sendblue_" + code.toLowerCase(Locale.ROOT), detail);
        };
    }

    /// The first of these keys that has a text or number which is not empty.
    static @Nullable String text(JsonNode json, String... keys) {
        for (String key : keys) {
            String value = json.path(key).isValueNode() ? json.path(key).asString("") : "";
            if (!value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    /// What it travelled on. Something that began as SMS counts as no downgrade to Sendblue, so `service` goes first.
    private static Optional<Service> service(JsonNode json) {
        return Optional.ofNullable(text(json, "service"))
                .flatMap(Service::heard)
                .or(() -> json.path("was_downgraded").asBoolean(false) ? Optional.of(Service.SMS) : Optional.empty());
    }

    private static Optional<Instant> instant(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
