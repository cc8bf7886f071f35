package partyline.drivers.twilio;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.drivers.ServiceMessage;
import partyline.drivers.ServiceMessage.Content;
import partyline.drivers.ServiceMessage.Ends;
import partyline.drivers.ServiceMessage.Media;
import partyline.drivers.ServiceMessage.Progress;
import partyline.kernel.PhoneNumber;
import partyline.transport.Receipt;
import tools.jackson.databind.JsonNode;

/// Reads the messages that Twilio tells of, and what went wrong with one: in its list, in the answer to a send, and in
/// the forms of its calls.
final class TwilioMessages {

    /// What Twilio puts before every text of an account that nobody pays for.
    private static final String TRIAL = "Sent from your Twilio trial account - ";

    private static final Media UNSEEN = new Media("", "");
    private static final int MOST_MEDIA = 10;

    private static final Set<String> FULL = Set.of("20429", "21611", "30001", "30022");
    private static final Set<String> LINE_UNUSABLE = Set.of("20003", "21606", "21659", "21660", "21603", "21910");

    private TwilioMessages() {}

    /// One of the list, or the answer to a send; empty when it has no sid. Of what came along it tells the number.
    static Optional<ServiceMessage> of(JsonNode json) {
        String sid = json.path("sid").asString("");
        boolean inbound = json.path("direction").asString("").equals("inbound");
        String body = json.path("body").asString("");
        Instant created = instant(json.path("date_created").asString("")).orElse(Instant.EPOCH);
        return sid.isEmpty()
                ? Optional.empty()
                : Optional.of(new ServiceMessage(
                        sid,
                        !inbound,
                        from(json.path("from").asString("")),
                        new Content(
                                words(!inbound && body.startsWith(TRIAL) ? body.substring(TRIAL.length()) : body),
                                Collections.nCopies(
                                        Math.max(0, json.path("num_media").asInt(0)), UNSEEN),
                                null),
                        Optional.empty(),
                        progress(
                                json.path("status").asString(""),
                                json.path("error_code").asString(""),
                                instant(json.path("date_updated").asString("")).or(() -> Optional.of(created))),
                        Optional.of(created)));
    }

    /// What a person sent, now, as a call tells it. Twilio knows more words for STOP and START than we do, in more
    /// languages, and has acted on them already.
    static ServiceMessage received(String sid, TwilioForm form) {
        String understood = form.get("OptOutType").orElse("");
        boolean consent = understood.equals("STOP") || understood.equals("START");
        List<Media> media = new ArrayList<>();
        for (int at = 0; at < MOST_MEDIA && form.get("MediaUrl" + at).isPresent(); at++) {
            media.add(new Media(
                    form.get("MediaUrl" + at).orElse(""),
                    form.get("MediaContentType" + at).orElse("")));
        }
        return new ServiceMessage(
                sid,
                false,
                from(form.get("From").orElse("")),
                new Content(consent ? understood : words(form.get("Body").orElse("")), media, null),
                Optional.empty(),
                Progress.NONE,
                Optional.empty());
    }

    /// Twilio's names of how far a message got, as far as they tell more than that it was taken.
    static Progress progress(String status, String errorCode, Optional<Instant> at) {
        Optional<Receipt.Kind> kind = switch (status) {
            case "sent" -> Optional.of(Receipt.Kind.SENT);
            case "delivered" -> Optional.of(Receipt.Kind.DELIVERED);
            case "read" -> Optional.of(Receipt.Kind.READ);
            case "undelivered", "failed", "canceled" -> Optional.of(Receipt.Kind.FAILED);
            default -> Optional.empty();
        };
        return new Progress(kind, kind.filter(Receipt.Kind.FAILED::equals).map(_ -> failure(errorCode)), at);
    }

    /// Twilio takes nothing now; nothing was sent.
    static boolean isFull(String code) {
        return FULL.contains(code);
    }

    /// The keys or the number are wrong, which is the operator's to put right.
    static boolean isLineUnusable(String code) {
        return LINE_UNUSABLE.contains(code);
    }

    /// Twilio's numbers for what went wrong, in words. It may add some, so the rest keep their number.
    static Receipt.Failure failure(String code) {
        return switch (code) {
            case "" -> new Receipt.Failure("delivery_error", "Twilio does not say why.");
            case "21610" -> new Receipt.Failure("opted_out", "The person texted STOP to this number.");
            case "21211", "21614", "21217", "21635", "30005", "30006" ->
                new Receipt.Failure("invalid_recipient", "The number cannot be texted: it is wrong, or a landline.");
            case "21612" ->
                new Receipt.Failure(
                        "unreachable", "The line's number cannot reach this one, or not with a picture: see Twilio.");
            case "21408" ->
                new Receipt.Failure(
                        "region_off", "The account may not text this country: see Twilio's geo permissions.");
            case "21617" -> new Receipt.Failure("text_too_long", TwilioSender.TOO_LONG);
            case "30003" -> new Receipt.Failure("unreachable", "The phone is off or out of reach.");
            case "30004" -> new Receipt.Failure("blocked", "The person or their carrier blocks this number.");
            case "30007" -> new Receipt.Failure("filtered", "The carrier took it for spam.");
            case "30034" ->
                new Receipt.Failure(
                        "unregistered", "The number is not registered for texting (A2P 10DLC): see Twilio.");
            default -> new Receipt.Failure("twilio_" + code, "See https://www.twilio.com/docs/errors/" + code);
        };
    }

    /// A sender may be no telephone number.
    private static Ends from(String sender) {
        return new Ends(PhoneNumber.parse(sender), Optional.empty(), false, sender);
    }

    private static @Nullable String words(String body) {
        return body.isEmpty() ? null : body;
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
