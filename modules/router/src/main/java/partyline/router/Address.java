package partyline.router;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.identities.Handle;

/// A text that begins with the agent whom it is for: `@handle text`, as people write on a line that several share. A
/// name further inside is part of what is said.
///
/// `handle` is empty when nobody can have what stands there. `rest` is the text as it was written, without the name and
/// what sets it off. `sure` is false where the sign may be one of the person's language: telephones send `¡` or `¿`
/// for `@`, but so does Spanish.
record Address(Optional<Handle> handle, String rest, boolean sure) {

    private static final Pattern SIGN = Pattern.compile("[^\\p{L}\\p{N}@¡¿]*+(?<sign>[@¡¿]++)[\\s\"*_~`(\\[]*+");
    private static final Pattern NAME =
            Pattern.compile("(?<name>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)-*+(?![\\p{L}\\p{N}\\p{M}]|_[\\p{L}\\p{N}])");
    /// What may close or follow a name; dashes and colons also stand alone.
    private static final Pattern END = Pattern.compile("[\"*_~`)\\]}>」』】,、;:.。!?…—]*+(?:\\s++[,;:—–-]+(?=\\s))?\\s*+");

    private static final Pattern POSSESSIVE = Pattern.compile("\"\\p{L}");
    private static final Pattern AROUND = Pattern.compile("[\"*_~`()\\[\\]]");
    private static final String CLOSING = "\"'*_~`)]”’»›";

    /// Empty when the text does not begin with a name.
    static Optional<Address> of(@Nullable String text) {
        PersonText words = PersonText.of(text);
        String seen = words.seen();
        Matcher sign = SIGN.matcher(seen);
        if (!sign.lookingAt()) {
            return Optional.empty();
        }
        boolean sure = sign.group("sign").contains("@");
        Matcher name = NAME.matcher(seen).region(sign.end(), seen.length()).useTransparentBounds(true);
        Optional<Handle> handle = name.lookingAt() ? Handle.parse(name.group("name")) : Optional.empty();
        if (handle.isEmpty()) {
            return sure ? Optional.of(new Address(handle, "", true)) : Optional.empty();
        }
        return Optional.of(new Address(handle, rest(words, name), sure));
    }

    /// What follows the name. What was around name and words together goes too; a name in the possessive is part of
    /// what is said.
    private static String rest(PersonText words, Matcher name) {
        String seen = words.seen();
        Matcher end = END.matcher(seen).region(name.end(), seen.length()).useTransparentBounds(true);
        if (POSSESSIVE.matcher(seen).region(name.end(), seen.length()).lookingAt() || !end.lookingAt()) {
            return words.writtenFrom(0);
        }
        String written = words.writtenFrom(end.end());
        boolean closed = AROUND.matcher(seen.substring(name.end(), end.end())).find();
        return closed
                ? written
                : without(
                        written,
                        AROUND.matcher(seen.substring(0, name.start()))
                                .results()
                                .count());
    }

    /// `written` without so many closing signs at its end.
    private static String without(String written, long signs) {
        int end = written.length();
        long left = signs;
        while (left > 0 && end > 0) {
            char last = written.charAt(end - 1);
            boolean sign = CLOSING.indexOf(last) >= 0;
            if (!sign && !Character.isWhitespace(last) && Character.getType(last) != Character.FORMAT) {
                break;
            }
            left -= sign ? 1 : 0;
            end--;
        }
        return written.substring(0, end);
    }
}
