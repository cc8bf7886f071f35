package partyline.drivers.androidsms;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.HttpCalls;
import partyline.drivers.ServiceMessage;
import partyline.drivers.ServiceMessage.Content;
import partyline.drivers.ServiceMessage.Ends;
import partyline.drivers.ServiceMessage.Media;
import partyline.drivers.ServiceMessage.Progress;
import partyline.kernel.PhoneNumber;
import partyline.transport.Receipt;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// Reads what the app tells of messages, in its lists and in its calls.
///
/// The app's id of what came is a hash of sender, second, words and SIM, of 32 bits, in another spelling
/// in each place, and for an MMS a number that begins anew with the next phone. So what came is named by
/// what it is: two equal texts of one second are one, as they are to the app.
final class AndroidSmsMessages {

    private static final int ID_BYTES = 16;
    private static final Pattern RESULT = Pattern.compile("RESULT_[A-Z_]+|MMS_ERROR_[A-Z_]+");
    private static final Pattern DELIVERY = Pattern.compile("Delivery result\\b.*: ?([0-9]{1,3})$");
    /// GSM 03.40, TP-Status: the network kept it for as long as it does and never reached the phone.
    private static final String EXPIRED = "70";

    private AndroidSmsMessages() {}

    /// One of the phone's inbox; empty when it is not for people: data, or the notice of an MMS that is
    /// yet to be fetched.
    static Optional<ServiceMessage> listed(JsonNode json, AndroidSmsPeople people) {
        boolean mms = json.path("type").asString("").equals("MMS_DOWNLOADED");
        if (!mms && !json.path("type").asString("").equals("SMS")) {
            return Optional.empty();
        }
        String path = "/inbox/" + HttpCalls.encoded(json.path("id").asString("")) + "/attachments/";
        List<Media> media = files(json)
                .map(file -> new Media(path + file.path("partId").asLong(0), type(file), name(file)))
                .toList();
        return Optional.of(message(
                json.path("sender").asString(""),
                time(json, "createdAt"),
                // The preview of an MMS without words is a word of the app's.
                mms
                                && !media.isEmpty()
                                && json.path("contentPreview").asString("").equals("MMS content")
                        ? null
                        : text(json, "contentPreview"),
                media,
                people));
    }

    /// An SMS as a call tells it.
    static ServiceMessage sms(JsonNode payload, AndroidSmsPeople people) {
        return message(sender(payload), time(payload, "receivedAt"), text(payload, "message"), List.of(), people);
    }

    /// An MMS as a call tells it; in place of an address each file is there itself, as base64.
    static ServiceMessage mms(JsonNode payload, AndroidSmsPeople people) {
        String body = text(payload, "body");
        List<Media> media = files(payload)
                .filter(file -> !file.path("data").asString("").isEmpty())
                .map(file -> new Media(file.path("data").asString(), type(file), name(file)))
                .toList();
        return message(
                sender(payload),
                time(payload, "receivedAt"),
                body == null ? text(payload, "subject") : body,
                media,
                people);
    }

    /// Who wrote, in words; the older apps know one name for it.
    private static String sender(JsonNode payload) {
        return Stream.of("sender", "phoneNumber")
                .map(key -> payload.path(key).asString(""))
                .filter(it -> !it.isEmpty())
                .findFirst()
                .orElse("");
    }

    /// How far something of ours got, in the app's words, if they tell more than that the phone has it.
    static Progress progress(String state, String error, Optional<Instant> at) {
        return switch (state) {
            case "Sent" -> new Progress(Optional.of(Receipt.Kind.SENT), Optional.empty(), at);
            case "Delivered" -> new Progress(Optional.of(Receipt.Kind.DELIVERED), Optional.empty(), at);
            case "Failed", "Cancelled" ->
                new Progress(Optional.of(Receipt.Kind.FAILED), Optional.of(failure(error)), at);
            default -> Progress.NONE;
        };
    }

    /// The same of one of the list of what we had sent, which has one recipient.
    static Progress progress(JsonNode message) {
        String state = message.path("state").asString("");
        return progress(
                state,
                message.path("recipients").path(0).path("error").asString(""),
                time(message.path("states"), state));
    }

    /// What went wrong. The app's words may name numbers, so only what Android calls it is told on.
    static Receipt.Failure failure(String error) {
        Matcher delivery = DELIVERY.matcher(error);
        Matcher result = RESULT.matcher(error);
        String name = result.find() ? result.group() : "";
        if (delivery.find()) {
            return delivery.group(1).equals(EXPIRED)
                    ? new Receipt.Failure("unreachable", "The person's phone was off or out of reach for too long.")
                    : new Receipt.Failure(
                            "delivery_error", "The carrier could not deliver it: TP-Status " + delivery.group(1) + ".");
        }
        if (error.startsWith("TTL expired")) {
            return new Receipt.Failure("not_sent", "The phone did not get to it within a day.");
        }
        if (error.contains("phone number")) {
            return new Receipt.Failure("invalid_recipient", "The number cannot be texted: it is wrong, or a landline.");
        }
        if (error.contains("No SIMs found") || name.contains("SIM_ABSENT")) {
            return new Receipt.Failure("line_gone", "The phone finds no SIM card.");
        }
        if (error.contains("permission")) {
            return new Receipt.Failure("line_gone", "The app may not send SMS: give it the permission on the phone.");
        }
        if (name.matches(".*(RADIO|NO_SERVICE|NETWORK_NOT_READY).*")) {
            return new Receipt.Failure("unreachable", "The phone of the line had no signal: " + name + ".");
        }
        if (name.matches(".*(LIMIT|STOP_SENDING).*")) {
            return new Receipt.Failure("filtered", "Android or the carrier took it for one too many: " + name + ".");
        }
        return new Receipt.Failure(
                "delivery_error",
                name.isEmpty() ? "The phone does not say why: see the app's log." : "The phone says " + name + ".");
    }

    private static ServiceMessage message(
            String sender, Optional<Instant> at, @Nullable String text, List<Media> media, AndroidSmsPeople people) {
        Optional<PhoneNumber> person = people.person(sender);
        List<String> parts = new ArrayList<>();
        parts.add(person.map(PhoneNumber::text).orElse(sender));
        parts.add(at.map(time -> String.valueOf(time.getEpochSecond())).orElse(""));
        parts.add(text == null ? "" : text);
        media.forEach(file -> parts.add(file.url()));
        return new ServiceMessage(
                id(parts),
                false,
                new Ends(person, Optional.empty(), false, sender),
                new Content(text, media, null),
                Optional.of(Service.SMS),
                Progress.NONE,
                at);
    }

    private static String id(List<String> parts) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }

    private static Stream<JsonNode> files(JsonNode message) {
        return message.path("attachments").valueStream();
    }

    private static String type(JsonNode file) {
        return file.path("contentType").asString("");
    }

    private static String name(JsonNode file) {
        return file.path("name").asString("");
    }

    private static @Nullable String text(JsonNode json, String key) {
        String text = json.path(key).asString("");
        return text.isEmpty() ? null : text;
    }

    static Optional<Instant> time(JsonNode json, String key) {
        try {
            return Optional.of(OffsetDateTime.parse(json.path(key).asString("")).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
