package partyline.outbound;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The one form in which a URL is judged, stored and sent: a host beyond ASCII in its `xn--` form, other
/// letters beyond ASCII as percent-encoded UTF-8. What is ASCII stays as it is, and so does what has no such
/// form, which is refused later.
final class NormalUrl {

    private static final Pattern PARTS = Pattern.compile("(?is)(https?://)([^/?#:\\[\\]@\\\\]*)(.*)");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+");
    /// Letters that the two standards for such names (IDNA of 2003 and of 2008) turn into different hosts.
    private static final Pattern AMBIGUOUS = Pattern.compile("[ßςẞ\u200c\u200d]");

    private NormalUrl() {}

    static String of(String url) {
        if (isAscii(url)) {
            return url;
        }
        Matcher parts = PARTS.matcher(url);
        return parts.matches() ? parts.group(1) + host(parts.group(2)) + encoded(parts.group(3)) : url;
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(it -> it < 0x80);
    }

    private static String host(String text) {
        if (isAscii(text) || AMBIGUOUS.matcher(text).find()) {
            return text;
        }
        try {
            String ascii = IDN.toASCII(text);
            return HOST.matcher(ascii).matches() ? ascii : text;
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (point < 0x80 || !isPrintable(point)) {
                out.appendCodePoint(point);
                return;
            }
            for (byte octet : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        });
        return out.toString();
    }

    /// Half a character, a control and a space of any kind are typing errors rather than parts of an address.
    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
