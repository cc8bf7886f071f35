package partyline.transport;

import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Somebody who wrote to a line and has no telephone number, by which alone the API names people: `address` is what the
/// service calls them, `text` what they wrote, if it was words.
public record Stranger(String address, Instant at, @Nullable String text, Service service) {

    /// What somebody has in place of a number.
    public enum Kind {
        /// iMessage lets people text from one.
        MAIL_ADDRESS,
        /// Three to eight digits: a program of a company.
        SHORT_CODE,
        /// A word, such as the name of a shop; nobody can answer those.
        SENDER_NAME,
        /// Nothing, or something that only looks like a number.
        NO_NUMBER;

        /// What it is counted as among the news of a line that is dropped.
        public String reason() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern MAIL = Pattern.compile("[^\\s@]+@[^\\s@]+");
    private static final Pattern CODE = Pattern.compile("[0-9]{3,8}");
    private static final Pattern LETTER = Pattern.compile("\\p{L}");

    public Kind kind() {
        if (isMailAddress(address)) {
            return Kind.MAIL_ADDRESS;
        }
        if (CODE.matcher(address).matches()) {
            return Kind.SHORT_CODE;
        }
        return LETTER.matcher(address).find() ? Kind.SENDER_NAME : Kind.NO_NUMBER;
    }

    /// Whether somebody may be written to there by mail.
    static boolean isMailAddress(String text) {
        return MAIL.matcher(text).matches();
    }
}
