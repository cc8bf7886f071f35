package partyline.router;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The one form in which everything of ours reads a person's words: commands, STOP and START, and whom a text names.
///
/// It is what the person sees and means, in lower case: compatibility forms are one (NFKC), so `＠` is `@`; what
/// cannot be seen is dropped, not turned into a space; white space of any width is a space, or the end of a line;
/// quotes are one, and so are hyphens. Where the network put NUL for the `@` at the beginning (GSM-7 has its `@`
/// there), `¡` stands. Only the beginning is read of a text that is longer than any words of ours.
final class PersonText {

    private static final int READ = 2_000;
    private static final int LONGEST_COMMAND = 200;
    private static final String QUOTES = "\"'`´“”„‟‘’‚‛«»‹›′″";
    /// The forms of ASCII, made once: every character of every text asks for one.
    private static final String[] PLAIN = IntStream.range(0, 0x7F)
            .mapToObj(letter -> QUOTES.indexOf(letter) < 0 ? Character.toString(Character.toLowerCase(letter)) : "\"")
            .toArray(String[]::new);

    private static final String HYPHENS = "\u2010\u2011\u2012\u2013\u2212";
    private static final String LINE_ENDS = "\n\r\u000B\u000C\u0085\u2028\u2029";

    /// What telephones put under a text after an empty line, and what people set off with two hyphens.
    private static final Pattern SIGNATURE = Pattern.compile(
            "\\n *+\\n\\s*+(?:-- ?\\n.{0,200}|[^\\n]{0,60}\\b(?:iphone|ipad|ipod|android|samsung|galaxy|outlook|huawei"
                    + "|xiaomi|pixel|blackberry|mobile)\\b[^\\n]{0,40})\\s*$",
            Pattern.DOTALL);

    /// People copy commands out of our own texts together with the quotes, and some write in Markdown; no command has
    /// any of it inside.
    private static final Pattern DECORATION =
            Pattern.compile("[\"*~()\\[\\]{}<>「」『』【】¡¿]|(?<![a-z0-9])_|_(?![a-z0-9])");

    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern BEFORE = Pattern.compile("^[^\\p{L}\\p{N}@]+");
    private static final Pattern AFTER = Pattern.compile("[^\\p{L}\\p{N}\\p{Mn}\\p{Mc}]+$");

    private final String source;
    private final String seen;
    /// Where in the source each character of `seen` comes from.
    private final int[] origins;

    private PersonText(String source, String seen, int[] origins) {
        this.source = source;
        this.seen = seen;
        this.origins = origins;
    }

    static PersonText of(@Nullable String text) {
        String source = text == null ? "" : text;
        StringBuilder seen = new StringBuilder();
        int[] origins = new int[Math.min(source.length(), READ)];
        for (int at = 0; at < Math.min(source.length(), READ); ) {
            int letter = source.codePointAt(at);
            int next = at + Character.charCount(letter);
            boolean nul = letter == 0 && seen.toString().isBlank() && startsWord(source, next);
            String form = nul ? "¡" : form(letter);
            if (seen.length() + form.length() > origins.length) {
                origins = Arrays.copyOf(origins, 2 * origins.length + form.length());
            }
            Arrays.fill(origins, seen.length(), seen.length() + form.length(), at);
            seen.append(form);
            at = next;
        }
        return new PersonText(source, seen.toString(), origins);
    }

    /// All of it, with its lines.
    String seen() {
        return seen;
    }

    /// The text as it was written, from where `position` of [#seen] comes from.
    String writtenFrom(int position) {
        return position < seen.length()
                ? source.substring(origins[position])
                : source.substring(Math.min(source.length(), READ));
    }

    /// [#seen] without a signature; of a text that is too long to be words of ours, all of it.
    String unsigned() {
        return seen.length() > 2 * LONGEST_COMMAND
                ? seen
                : SIGNATURE.matcher(seen).replaceFirst("");
    }

    /// The words of a command: on one line, without a signature and without what surrounds them; nothing of a text that
    /// is too long to be words of ours.
    String command() {
        String unsigned = unsigned();
        if (unsigned.length() > LONGEST_COMMAND || source.length() > READ) {
            return "";
        }
        String bare = DECORATION.matcher(unsigned).replaceAll("");
        String line = SPACES.matcher(bare).replaceAll(" ").strip();
        String words = AFTER.matcher(BEFORE.matcher(line).replaceFirst("")).replaceFirst("");
        return words.isEmpty() && line.startsWith("?") ? "?" : words;
    }

    /// The words alone of `text`, which is in this form: without accents, signs and emoji, one space between them. Of a
    /// text that is too long to be words of ours, the beginning: every text that anybody writes is read so.
    static String letters(String text) {
        String form = Normalizer.normalize(text, Normalizer.Form.NFKD);
        StringBuilder letters = new StringBuilder();
        boolean gap = false;
        for (int at = 0; at < form.length() && letters.length() <= LONGEST_COMMAND; ) {
            int letter = form.codePointAt(at);
            at += Character.charCount(letter);
            if (Character.isLetterOrDigit(letter)) {
                letters.append(gap && !letters.isEmpty() ? " " : "").appendCodePoint(letter);
                gap = false;
            } else {
                gap |= Character.getType(letter) != Character.NON_SPACING_MARK;
            }
        }
        return letters.toString();
    }

    private static boolean startsWord(String source, int at) {
        return at < source.length() && Character.isLetterOrDigit(source.codePointAt(at));
    }

    private static String form(int letter) {
        if (letter > ' ' && letter < 0x7F) {
            return PLAIN[letter];
        }
        if (LINE_ENDS.indexOf(letter) >= 0) {
            return "\n";
        }
        if (Character.isWhitespace(letter) || Character.isSpaceChar(letter) || letter == 0x2800) {
            return " ";
        }
        if (isUnseen(letter)) {
            return "";
        }
        if (QUOTES.indexOf(letter) >= 0) {
            return "\"";
        }
        return HYPHENS.indexOf(letter) >= 0
                ? "-"
                : Normalizer.normalize(Character.toString(letter), Normalizer.Form.NFKC)
                        .toLowerCase(Locale.ROOT);
    }

    /// Marks of direction, joiners, soft hyphens and other controls; selectors of variations; letters without a shape;
    /// the place of a file among the words; half a pair.
    private static boolean isUnseen(int letter) {
        return switch (Character.getType(letter)) {
            case Character.FORMAT, Character.CONTROL, Character.SURROGATE -> true;
            default ->
                letter >= 0xFE00 && letter <= 0xFE0F
                        || letter >= 0xE0100 && letter <= 0xE01EF
                        || letter >= 0x180B && letter <= 0x180F
                        || letter == 0x034F
                        || letter == 0x115F
                        || letter == 0x1160
                        || letter == 0x17B4
                        || letter == 0x17B5
                        || letter == 0x3164
                        || letter == 0xFFA0
                        || letter == 0xFFFC;
        };
    }
}
