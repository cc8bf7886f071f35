package partyline.router;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.identities.Handle;

/// A text that begins with the agent whom it is for: `@handle text`, as people write on a line that several share.
record Address(Handle handle, String rest) {

    private static final Pattern ADDRESSED =
            Pattern.compile("\\s*@(?<handle>[A-Za-z0-9-]+)[\\s:,]+(?<rest>\\S.*)", Pattern.DOTALL);

    /// Empty when the text names nobody, or says nothing more.
    static Optional<Address> of(@Nullable String text) {
        Matcher matcher = ADDRESSED.matcher(text == null ? "" : text);
        return matcher.matches()
                ? Handle.parse(matcher.group("handle")).map(handle -> new Address(handle, matcher.group("rest")))
                : Optional.empty();
    }
}
