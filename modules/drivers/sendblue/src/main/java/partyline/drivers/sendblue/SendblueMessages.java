package partyline.drivers.sendblue;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.ServiceMessage;
import partyline.drivers.ServiceMessage.Content;
import partyline.drivers.ServiceMessage.Ends;
import partyline.drivers.ServiceMessage.Media;
import partyline.drivers.ServiceMessage.Progress;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.transport.Outbox;
import partyline.transport.Receipt;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// Reads the messages that Sendblue tells of: in the answer to a send, in callbacks and in lists, with names that
/// differ a little from one to the other.
final class SendblueMessages {

    private SendblueMessages() {}

    /// The message that `json` tells of; empty when it has no handle.
    static Optional<ServiceMessage> of(JsonNode json) {
        String handle = text(json, "message_handle", "messageHandle");
        if (handle == null) {
            return Optional.empty();
        }
        boolean outbound =
                json.path("is_outbound").asBoolean(json.path("isOutbound").asBoolean(false));
        String status = Optional.ofNullable(text(json, "status")).orElse("").toUpperCase(Locale.ROOT);
        Optional<Receipt.Kind> kind = kind(status);
        List<Media> media = Optional.ofNullable(text(json, "media_url")).stream()
                .map(url -> new Media(url, ""))
                .toList();
        return Optional.of(new ServiceMessage(
                handle,
                outbound,
                ends(json, outbound),
                new Content(text(json, "content"), media, text(json, "send_style")),
                service(json),
                new Progress(
                        kind,
                        kind.filter(Receipt.Kind.FAILED::equals).map(_ -> failure(json)),
                        instant(text(json, "date_updated"))),
                instant(text(json, "date_sent"))));
    }

    /// `number` is the person, whichever way it went; the other two are the person and the line in an
    /// order that not all of Sendblue's tellers agree upon.
    private static Ends ends(JsonNode json, boolean outbound) {
        String number = text(json, "number", outbound ? "to_number" : "from_number");
        Optional<PhoneNumber> person = Optional.ofNullable(number).flatMap(PhoneNumber::parse);
        Optional<PhoneNumber> line = Stream.of("sendblue_number", "to_number", "from_number")
                .flatMap(key -> PhoneNumber.parse(json.path(key).asString("")).stream())
                .filter(it -> !Optional.of(it).equals(person))
                .findFirst();
        boolean group = text(json, "group_id") != null || "group".equals(text(json, "message_type"));
        return new Ends(person, line, group, Optional.ofNullable(number).orElse(""));
    }

    /// How far it got, if its status tells more than that it was taken.
    private static Optional<Receipt.Kind> kind(String status) {
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
            case "10002" -> new Receipt.Failure(Outbox.OUTCOME_UNKNOWN, "Sendblue does not know whether it was sent.");
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
        return Optional.ofNullable(text).flatMap(Timestamps::parse);
    }
}
