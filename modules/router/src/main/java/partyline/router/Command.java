package partyline.router;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.identities.Handle;

/// What a person wants of the router. An empty handle is one that nobody can have.
sealed interface Command {

    record Connect(Optional<Handle> handle) implements Command {}

    record Disconnect(Optional<Handle> handle) implements Command {}

    record Replace(Optional<Handle> old, Optional<Handle> next) implements Command {}

    /// From now on to this agent, where several share a line.
    record Switch(Optional<Handle> handle) implements Command {}

    record ListAgents() implements Command {}

    record Help() implements Command {}

    record Unclear() implements Command {}

    /// Reads a text as people type it: any case, any spaces, in quotes, with or without `@`, with a full
    /// stop at the end.
    static Command parse(@Nullable String text) {
        String plain = text == null ? "" : Grammar.tidy(text);
        Matcher one = Grammar.ONE_HANDLE.matcher(plain);
        if (one.matches()) {
            Optional<Handle> handle = Handle.parse(one.group("handle"));
            return switch (one.group("verb")) {
                case "connect" -> new Connect(handle);
                case "disconnect" -> new Disconnect(handle);
                default -> new Switch(handle);
            };
        }
        Matcher two = Grammar.TWO_HANDLES.matcher(plain);
        if (two.matches()) {
            return new Replace(Handle.parse(two.group("old")), Handle.parse(two.group("next")));
        }
        return switch (plain) {
            case "list" -> new ListAgents();
            case "help", "?" -> new Help();
            default -> new Unclear();
        };
    }

    /// The shapes of commands, over tidied text.
    final class Grammar {

        private static final int LONGEST_COMMAND = 200;
        /// Spaces of every width, and what cannot be seen: marks of direction, joiners, byte order.
        private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}\\u200B-\\u200F\\u2060\\uFEFF]+");
        /// People copy commands out of our own texts together with the quotes; no command has any inside.
        private static final Pattern QUOTES = Pattern.compile("[\"'`“”„‟‘’‚‛«»‹›]");

        private static final Pattern TRAILING = Pattern.compile("(?<=.)[\\s.,;:!?…)]+$");
        private static final Pattern ONE_HANDLE =
                Pattern.compile("(?<verb>connect|disconnect|switch)(?: to)?(?: ?@ ?| )(?<handle>[^ @]+)");
        private static final Pattern TWO_HANDLES =
                Pattern.compile("replace(?: ?@ ?| )(?<old>[^ @,]+),?(?: with| by)?(?: ?@ ?| )(?<next>[^ @]+)");

        private Grammar() {}

        /// The text in lower case and without what surrounds its words; nothing of one that is too long to be words of
        /// ours.
        static String tidy(String text) {
            if (text.length() > LONGEST_COMMAND) {
                return "";
            }
            String bare = QUOTES.matcher(text).replaceAll("");
            String spaced = SPACES.matcher(bare).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
            return TRAILING.matcher(spaced).replaceAll("");
        }
    }
}
