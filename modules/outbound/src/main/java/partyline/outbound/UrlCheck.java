package partyline.outbound;

import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What can be said of a URL without asking anybody: its one form, its scheme, and its address when it is a
/// literal one.
///
/// Java reads `2130706433` and `127.1` as addresses, other parsers read `0177.0.0.1` as octal: a host that
/// ends in a number must be a plain dotted quad, so that everybody reads the same. Immutable.
final class UrlCheck {

    private static final int LONGEST = 2_048;
    private static final int LARGEST_PORT = 65_535;
    private static final String HOST =
            "must name its host by a DNS name, as four decimal numbers, or as IPv6 in brackets";
    private static final String HTTPS = "must start with https://";
    private static final String OPEN = "; plain http is for networks that outbound.allow opens";
    private static final String PRIVATE = "must not point to a private or reserved address";
    private static final String CLOSED = " that outbound.allow does not open";
    private static final String OCTET = "(?:0|[1-9][0-9]{0,2})";
    private static final Pattern DOTTED_QUAD = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)\\.?");
    /// `java.net.URI` finds neither host nor port in such an authority.
    private static final Pattern UNDERSCORED =
            Pattern.compile("(?<host>[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*)(?::(?<port>[1-9][0-9]{0,4}))?");
    /// What `localhost` stands for (RFC 6761), without asking a resolver.
    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    private static final Pattern PARTS = Pattern.compile("(?is)(https?://)([^/?#:\\[\\]@\\\\]*)(.*)");
    private static final Pattern ASCII_HOST = Pattern.compile("[A-Za-z0-9._-]+");
    /// Letters that the two standards for such names (IDNA of 2003 and of 2008) turn into different hosts.
    private static final Pattern AMBIGUOUS = Pattern.compile("[ßςẞ\u200c\u200d]");

    private final Networks networks;

    UrlCheck(Networks networks) {
        this.networks = networks;
    }

    /// The one form in which a URL is judged, stored and sent: a host beyond ASCII in its `xn--` form, other
    /// letters beyond ASCII as percent-encoded UTF-8. What is ASCII stays as it is, and so does what has no such
    /// form, which is refused later.
    static String normal(String url) {
        if (isAscii(url)) {
            return url;
        }
        Matcher parts = PARTS.matcher(url);
        return parts.matches() ? parts.group(1) + asciiHost(parts.group(2)) + encoded(parts.group(3)) : url;
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(it -> it < 0x80);
    }

    private static String asciiHost(String text) {
        if (isAscii(text) || AMBIGUOUS.matcher(text).find()) {
            return text;
        }
        try {
            String ascii = IDN.toASCII(text);
            return ASCII_HOST.matcher(ascii).matches() ? ascii : text;
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

    /// Why `text`, in normal form, can never be called, to be read after the word "url"; empty when it may be
    /// tried.
    Optional<String> refusal(String text, boolean operator) {
        if (text.length() > LONGEST) {
            return Optional.of("must have at most " + LONGEST + " characters");
        }
        if (!isAscii(text)) {
            return Optional.of("must name its host in ASCII (such as xn--bcher-kva.example) and hold no space,"
                    + " control or half character");
        }
        try {
            return refusal(new URI(text), operator);
        } catch (URISyntaxException e) {
            return Optional.of("must be an absolute URL such as https://example.com/hook");
        }
    }

    private Optional<String> refusal(URI url, boolean operator) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        String host = host(url).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            return Optional.of(HTTPS);
        }
        if (host.isEmpty()) {
            return Optional.of(HOST);
        }
        if (url.getRawUserInfo() != null) {
            return Optional.of("must not carry a user name or password");
        }
        if (url.getPort() == 0 || url.getPort() > LARGEST_PORT) {
            return Optional.of("must name a port from 1 to " + LARGEST_PORT + " or none");
        }
        return refusal(host, scheme.equals("https"), operator);
    }

    private Optional<String> refusal(String host, boolean https, boolean operator) {
        boolean literal = host.startsWith("[") || ENDS_IN_NUMBER.matcher(host).matches();
        if (!literal && !host.equals("localhost")) {
            return https || operator && networks.allowsAny() ? Optional.empty() : Optional.of(plain(operator));
        }
        List<InetAddress> addresses = literal ? address(host).stream().toList() : LOOPBACK;
        if (addresses.isEmpty()) {
            return Optional.of(HOST);
        }
        if (addresses.stream().noneMatch(address -> networks.permits(address, operator))) {
            return Optional.of(operator ? PRIVATE + CLOSED : PRIVATE);
        }
        boolean plainAllowed = operator && addresses.stream().anyMatch(networks::allows);
        return https || plainAllowed ? Optional.empty() : Optional.of(plain(operator));
    }

    private static String plain(boolean operator) {
        return operator ? HTTPS + OPEN : HTTPS;
    }

    /// The host, also with the underscores that container networks put into names; "" when there is none.
    private static String host(URI url) {
        if (url.getHost() != null) {
            return url.getHost();
        }
        Matcher named = UNDERSCORED.matcher(url.getRawAuthority() == null ? "" : url.getRawAuthority());
        boolean found = named.matches()
                && (named.group("port") == null || Integer.parseInt(named.group("port")) <= LARGEST_PORT);
        return found ? named.group("host") : "";
    }

    private static Optional<InetAddress> address(String host) {
        if (!host.startsWith("[") && !DOTTED_QUAD.matcher(host).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
