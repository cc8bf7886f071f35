package partyline.drivers.twilio;

import java.util.Set;
import partyline.transport.Receipt;

/// Twilio's numbers for what went wrong, in words. Twilio may add some, so the rest keep their number.
final class TwilioErrors {

    private static final Set<String> FULL = Set.of("20429", "21611", "30001", "30022");
    private static final Set<String> LINE_UNUSABLE = Set.of("20003", "21606", "21659", "21660", "21603", "21910");

    private TwilioErrors() {}

    /// Twilio takes nothing now; nothing was sent.
    static boolean isFull(String code) {
        return FULL.contains(code);
    }

    /// The keys or the number are wrong, which is the operator's to put right.
    static boolean isLineUnusable(String code) {
        return LINE_UNUSABLE.contains(code);
    }

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
}
