package partyline.drivers.bluebubbles;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an `associatedMessageType` says: one of the six, or an emoji, set or taken away.
record TapbackKind(String reaction, @Nullable String emoji, boolean removed) {

    /// The six that the server can send and take back.
    static final Set<String> CLASSIC = Set.of("love", "like", "dislike", "laugh", "emphasize", "question");

    private static final String EMOJI_SET = "2006";
    private static final String EMOJI_REMOVED = "3006";
    /// The emoji of such a tapback is in its text alone: `Reacted 😀 to “…”`, `Removed a 😀 from “…”`.
    private static final Pattern EMOJI =
            Pattern.compile("^(?:Reacted|Removed an?) (\\S+) (?:to|from) ", Pattern.UNICODE_CASE);

    /// Empty for stickers, balloons and whatever comes next.
    static Optional<TapbackKind> of(String type, String text) {
        String name = type.startsWith("-") ? type.substring(1) : type;
        if (CLASSIC.contains(name)) {
            return Optional.of(new TapbackKind(name, null, type.startsWith("-")));
        }
        if (type.equals(EMOJI_REMOVED)) {
            return Optional.of(new TapbackKind("custom", emoji(text).orElse(null), true));
        }
        return type.equals(EMOJI_SET)
                ? emoji(text).map(found -> new TapbackKind("custom", found, false))
                : Optional.empty();
    }

    private static Optional<String> emoji(String text) {
        Matcher matcher = EMOJI.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
