package partyline.router;

import java.util.Collection;
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

    /// Whether a text in a thread where there are only agents of these names ends it: `disconnect`, with or
    /// without one of them.
    static boolean ends(@Nullable String text, Collection<Handle> names) {
        return PersonText.of(text).command().equals("disconnect")
                || parse(text) instanceof Disconnect(var handle)
                        && handle.filter(names::contains).isPresent();
    }

    /// Reads a text as people type it: see [PersonText]; with or without `@`.
    static Command parse(@Nullable String text) {
        String plain = PersonText.of(text).command();
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

    /// The shapes of commands, over [PersonText#command].
    final class Grammar {

        private static final String SIGN = "(?:[ :,]*@ ?|[ :,]+)";
        private static final Pattern ONE_HANDLE =
                Pattern.compile("(?<verb>connect|disconnect|switch)(?:[:,]? to)?" + SIGN + "(?<handle>[^ @:,]+)");
        private static final Pattern TWO_HANDLES =
                Pattern.compile("replace" + SIGN + "(?<old>[^ @:,]+),?(?: with| by)?" + SIGN + "(?<next>[^ @:,]+)");

        private Grammar() {}
    }
}
