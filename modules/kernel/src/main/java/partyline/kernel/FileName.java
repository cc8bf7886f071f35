package partyline.kernel;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What people call a file, in any script, made safe to show, to save and to hand on: the last part of a path alone,
/// without controls, marks that turn the direction of writing, and characters that a file system keeps for itself; in
/// at most [#LONGEST] bytes of UTF-8, of which the ending stays.
public final class FileName {

    /// Every file system takes 255 bytes; some room is for endings that others add.
    public static final int LONGEST = 200;

    private static final int LONGEST_ENDING = 16;
    /// What joins letters and emoji stays; no other format character does.
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}&&[^\\x{200C}\\x{200D}]]");
    private static final Pattern KEPT_BY_SYSTEMS = Pattern.compile("[<>:\"|?*\\x{FFFD}]|%(?=[0-9A-Fa-f]{2})");
    private static final Pattern SPACE = Pattern.compile("[\\p{Cc}\\p{Z}]+");
    private static final String NO_ENDS = ". ";
    /// Windows opens a device under these, whatever their ending.
    private static final Pattern DEVICE = Pattern.compile("(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9]) *(?:\\..*)?");
    private static final Pattern PLAIN =
            Pattern.compile("(?i);\\s*filename\\s*=\\s*(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|([^;\\s]+))");
    private static final Pattern EXTENDED = Pattern.compile("(?i);\\s*filename\\*\\s*=\\s*\"?utf-8'[^']*'([^;\\s\"]+)");
    private static final String ATTRIBUTE = "!#$&+-.^_`|~";

    private FileName() {}

    /// The name without what is dangerous; empty when nothing is left of it.
    public static Optional<String> clean(@Nullable String told) {
        if (told == null) {
            return Optional.empty();
        }
        String last = told.substring(Math.max(told.lastIndexOf('/'), told.lastIndexOf('\\')) + 1);
        String seen =
                UNSEEN.matcher(Normalizer.normalize(last, Normalizer.Form.NFC)).replaceAll("");
        String spaced = SPACE.matcher(seen).replaceAll(" ");
        String plain = KEPT_BY_SYSTEMS.matcher(spaced).replaceAll("_");
        String name = stripped(plain);
        return Optional.of(shortened(DEVICE.matcher(name).matches() ? "_" + name : name))
                .filter(it -> !it.isEmpty());
    }

    /// What a `Content-Disposition` calls the file, cleaned.
    public static Optional<String> ofHeader(@Nullable String disposition) {
        if (disposition == null) {
            return Optional.empty();
        }
        Matcher extended = EXTENDED.matcher(disposition);
        if (extended.find()) {
            return decoded(extended.group(1)).flatMap(FileName::clean);
        }
        Matcher plain = PLAIN.matcher(disposition);
        if (!plain.find()) {
            return Optional.empty();
        }
        String quoted = plain.group(1);
        return clean(quoted == null ? plain.group(2) : quoted.replaceAll("\\\\(.)", "$1"));
    }

    /// The last part of an address, cleaned, when it looks like the name of a file: with an ending.
    public static Optional<String> ofUrl(String url) {
        try {
            return Optional.ofNullable(URI.create(url).getPath())
                    .flatMap(FileName::clean)
                    .filter(it -> it.indexOf('.') > 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// A `Content-Disposition`, such as `inline` or `attachment`, with the name for old programs, in ASCII, and the
    /// whole one.
    public static String header(String disposition, String ascii, String name) {
        String plain = disposition + "; filename=\"" + ascii + "\"";
        return name.equals(ascii) ? plain : plain + "; filename*=UTF-8''" + encoded(name);
    }

    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (octet & 0xff);
            boolean plain = letter < 0x80 && (Character.isLetterOrDigit(letter) || ATTRIBUTE.indexOf(letter) >= 0);
            encoded.append(plain ? String.valueOf(letter) : "%%%02X".formatted((int) letter));
        }
        return encoded.toString();
    }

    private static Optional<String> decoded(String text) {
        try {
            return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String shortened(String name) {
        if (bytes(name) <= LONGEST) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String ending = dot > 0 && bytes(name.substring(dot)) <= LONGEST_ENDING ? name.substring(dot) : "";
        StringBuilder kept = new StringBuilder();
        int room = LONGEST - bytes(ending);
        for (int point :
                name.substring(0, name.length() - ending.length()).codePoints().toArray()) {
            room -= bytes(Character.toString(point));
            if (room < 0) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return stripped(kept.toString()) + ending;
    }

    /// However many there are: anybody may make up a name, as long as they like.
    private static String stripped(String name) {
        int from = 0;
        int to = name.length();
        while (from < to && NO_ENDS.indexOf(name.charAt(from)) >= 0) {
            from++;
        }
        while (from < to && NO_ENDS.indexOf(name.charAt(to - 1)) >= 0) {
            to--;
        }
        return name.substring(from, to);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
