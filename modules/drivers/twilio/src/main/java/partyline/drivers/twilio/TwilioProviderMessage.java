package partyline.drivers.twilio;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import partyline.kernel.PhoneNumber;
import partyline.transport.Receipt;
import tools.jackson.databind.JsonNode;

/// One message as Twilio's list and its answers tell of it. `from` is empty where it is no telephone number,
/// `media` counts what came along.
record TwilioProviderMessage(
        String sid,
        Optional<PhoneNumber> from,
        boolean inbound,
        String body,
        int media,
        Progress progress,
        Instant created,
        Instant updated) {

    /// How far it got; `errorCode` is empty when nothing went wrong.
    record Progress(String status, String errorCode) {

        /// Twilio's names of how far a message got, as far as they tell more than that it was taken.
        Optional<Receipt.Kind> kind() {
            return switch (status) {
                case "sent" -> Optional.of(Receipt.Kind.SENT);
                case "delivered" -> Optional.of(Receipt.Kind.DELIVERED);
                case "read" -> Optional.of(Receipt.Kind.READ);
                case "undelivered", "failed", "canceled" -> Optional.of(Receipt.Kind.FAILED);
                default -> Optional.empty();
            };
        }

        Optional<Receipt.Failure> failure() {
            return kind().filter(Receipt.Kind.FAILED::equals).map(_ -> TwilioErrors.failure(errorCode));
        }
    }

    static Optional<TwilioProviderMessage> of(JsonNode json) {
        String sid = json.path("sid").asString("");
        Instant created = instant(json.path("date_created").asString("")).orElse(Instant.EPOCH);
        return sid.isEmpty()
                ? Optional.empty()
                : Optional.of(new TwilioProviderMessage(
                        sid,
                        PhoneNumber.parse(json.path("from").asString("")),
                        json.path("direction").asString("").equals("inbound"),
                        json.path("body").asString(""),
                        json.path("num_media").asInt(0),
                        new Progress(
                                json.path("status").asString(""),
                                json.path("error_code").asString("")),
                        created,
                        instant(json.path("date_updated").asString("")).orElse(created)));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
