package partyline.drivers.twilio;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import partyline.kernel.PhoneNumber;
import partyline.transport.Receipt;
import tools.jackson.databind.JsonNode;

/// One message as Twilio's list and its answers tell of it.
record TwilioProviderMessage(String sid, Ends ends, String body, int media, Progress progress, Times times) {

    /// Empty where it is no telephone number.
    record Ends(Optional<PhoneNumber> from, Optional<PhoneNumber> to, boolean inbound) {}

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

    record Times(Instant created, Instant updated) {}

    static Optional<TwilioProviderMessage> of(JsonNode json) {
        String sid = json.path("sid").asString("");
        if (sid.isEmpty()) {
            return Optional.empty();
        }
        Instant created = instant(json.path("date_created").asString("")).orElse(Instant.EPOCH);
        return Optional.of(new TwilioProviderMessage(
                sid,
                new Ends(
                        PhoneNumber.parse(json.path("from").asString("")),
                        PhoneNumber.parse(json.path("to").asString("")),
                        json.path("direction").asString("").equals("inbound")),
                json.path("body").asString(""),
                json.path("num_media").asInt(0),
                new Progress(
                        json.path("status").asString(""),
                        json.path("error_code").asString("")),
                new Times(
                        created, instant(json.path("date_updated").asString("")).orElse(created))));
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
