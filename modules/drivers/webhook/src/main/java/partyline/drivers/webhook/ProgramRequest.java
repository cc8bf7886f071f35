package partyline.drivers.webhook;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import partyline.transport.LineContract;
import partyline.transport.LineSetup;
import partyline.transport.Service;
import partyline.transport.WebhookReceiver.Answer;
import tools.jackson.databind.JsonNode;

/// What the program posted, read key by key; what is wrong is said with the key and the fix.
record ProgramRequest(JsonNode json) {

    private static final int LONGEST_ID = 255;

    /// The program's mistake, in a sentence for whoever writes it.
    static final class Wrong extends Exception {

        private static final long serialVersionUID = 1L;

        private final int status;

        Wrong(String key, String what) {
            this(400, key, what);
        }

        Wrong(int status, String key, String what) {
            super(key + " " + what);
            this.status = status;
        }

        Answer answer() {
            return new Answer(status, "text/plain", String.valueOf(getMessage()));
        }
    }

    String required(String key) throws Wrong {
        String value = text(key);
        if (value == null) {
            throw new Wrong(key, "is missing");
        }
        return value;
    }

    @Nullable
    String text(String key) {
        String value = json.path(key).asString("");
        return value.isEmpty() ? null : value;
    }

    boolean flag(String key) {
        return json.path(key).asBoolean(false);
    }

    int number(String key) {
        return Math.max(0, json.path(key).asInt(0));
    }

    /// Whom the line knows as `from`.
    static PhoneNumber person(LineSetup setup, String from) throws Wrong {
        return setup.person(from)
                .orElseThrow(() -> new Wrong(
                        "from",
                        "must be an E.164 number such as +12025550140, with its plus, or a mail address that contacts in"
                                + " the configuration has: drop what comes from others"));
    }

    /// What the program calls its news.
    String id() throws Wrong {
        String id = required("id");
        if (id.length() > LONGEST_ID) {
            throw new Wrong("id", "must have at most " + LONGEST_ID + " characters");
        }
        return id;
    }

    /// `at`, or now when it is not given.
    Instant at(Instant now) throws Wrong {
        String told = text("at");
        Instant at = told == null ? now : time(told);
        if (!LineContract.isPlausible(at, now)) {
            throw new Wrong("at", "must be a time between the year 2000 and tomorrow; is it in other units?");
        }
        return at;
    }

    private static Instant time(String told) throws Wrong {
        try {
            return OffsetDateTime.parse(told).toInstant();
        } catch (DateTimeParseException e) {
            throw new Wrong("at", "must be a time such as 2026-01-31T12:00:00Z");
        }
    }

    <T> T one(String key, String value, T[] all) throws Wrong {
        return Arrays.stream(all)
                .filter(it -> it.toString().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() ->
                        new Wrong(key, "must be one of " + Arrays.toString(all).toLowerCase(Locale.ROOT)));
    }

    /// `service` in any spelling; empty when it is not told.
    Optional<Service> service() throws Wrong {
        String named = text("service");
        if (named == null) {
            return Optional.empty();
        }
        return Optional.of(Service.heard(named)
                .orElseThrow(() -> new Wrong("service", "must be one of imessage, rcs, sms; mms counts as sms")));
    }

    /// The same in an answer of the program, which nobody tells what is wrong with it: another word counts
    /// as none.
    static Optional<Service> service(JsonNode answer) {
        return Service.heard(answer.path("service").asString(""));
    }
}
