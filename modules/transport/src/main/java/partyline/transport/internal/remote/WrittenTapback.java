package partyline.transport.internal.remote;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A tapback as phones spell it out to whoever has no iMessage: `Loved “see you at eight”`. `quote` is what it was
/// given to, empty for a picture; a long one ends in `…`. English alone: another language stays a text.
public record WrittenTapback(String reaction, @Nullable String emoji, boolean removed, String quote) {

    private static final String OBJECT = "(?:“(.*)”|\"(.*)\"|(?:an image|a photo|a movie|a video|an attachment))";
    private static final Pattern SET = Pattern.compile(
            "(?:(Loved|Liked|Disliked|Laughed at|Emphasi[sz]ed|Questioned)|Reacted (\\S{1,32}) to) " + OBJECT,
            Pattern.DOTALL);
    private static final Pattern REMOVED = Pattern.compile(
            "Removed (?:an? (heart|like|dislike|laugh|exclamation|question mark)|(\\S{1,32})) from " + OBJECT,
            Pattern.DOTALL);
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("Loved", "love"),
            Map.entry("Liked", "like"),
            Map.entry("Disliked", "dislike"),
            Map.entry("Laughed at", "laugh"),
            Map.entry("Emphasized", "emphasize"),
            Map.entry("Emphasised", "emphasize"),
            Map.entry("Questioned", "question"),
            Map.entry("heart", "love"),
            Map.entry("like", "like"),
            Map.entry("dislike", "dislike"),
            Map.entry("laugh", "laugh"),
            Map.entry("exclamation", "emphasize"),
            Map.entry("question mark", "question"));

    /// The tapback that `text` spells, if it reads like one.
    public static Optional<WrittenTapback> of(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        String plain = text.strip();
        Matcher set = SET.matcher(plain);
        if (set.matches()) {
            return Optional.of(from(set, false));
        }
        Matcher removed = REMOVED.matcher(plain);
        return removed.matches() ? Optional.of(from(removed, true)) : Optional.empty();
    }

    /// Whether it can be meant for a message with this text, or with a picture.
    public boolean fits(@Nullable String text, boolean hasMedia) {
        if (quote.isEmpty()) {
            return hasMedia;
        }
        String said = even(text == null ? "" : text);
        String quoted = even(quote);
        return quoted.endsWith("…")
                ? said.startsWith(quoted.substring(0, quoted.length() - 1).strip())
                : said.equals(quoted);
    }

    private static WrittenTapback from(Matcher words, boolean removed) {
        String name = words.group(1);
        String quote = words.group(3) != null ? words.group(3) : words.group(4);
        return new WrittenTapback(
                name == null ? "custom" : NAMES.getOrDefault(name, "like"),
                name == null ? words.group(2) : null,
                removed,
                quote == null ? "" : quote);
    }

    /// Phones change white space when they quote.
    private static String even(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
