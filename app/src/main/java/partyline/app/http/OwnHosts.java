package partyline.app.http;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import partyline.app.config.Config;

/// Keeps web pages of strangers from reaching a server that listens on loopback alone: a name of theirs may lead there
/// too, and their browser says that name. Behind a trusted proxy every name passes. Immutable.
public final class OwnHosts {

    /// The brackets of an IPv6 address, and the port.
    private static final Pattern AROUND_NAME = Pattern.compile("^\\[|]?(?::\\d*)?$");

    private final boolean guarded;
    private final List<String> origins;
    private final String bound;
    private final String published;

    public OwnHosts(Config.Http config) {
        origins = config.corsOrigins();
        bound = config.host().toLowerCase(Locale.ROOT);
        guarded = isLoopback(bound) && config.trustedProxies().isEmpty();
        // Of the authority, since URI knows no host with a _ in it.
        published = config.publicUrl()
                .map(url -> name(URI.create(url).getRawAuthority()))
                .orElse(bound);
    }

    /// Lets a request pass, or answers 421.
    void check(Context ctx) {
        String told = ctx.header("Host");
        if (guarded && told != null && !isOurs(name(told))) {
            throw ApiError.FOREIGN_HOST.asException();
        }
    }

    /// Lets a request pass that no page sent, or a page of ours or of an origin that is configured, or answers 403.
    public void checkOrigin(Context ctx) {
        String told = ctx.header("Origin");
        if (told != null && !origins.contains(told) && !isOurs(name(told.replaceFirst("^https?://", "")))) {
            throw ApiError.FOREIGN_ORIGIN.asException();
        }
    }

    private boolean isOurs(String name) {
        return name.equals(bound) || name.equals(published) || isLoopback(name);
    }

    private static String name(String host) {
        return AROUND_NAME.matcher(host.strip().toLowerCase(Locale.ROOT)).replaceAll("");
    }

    private static boolean isLoopback(String name) {
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(name).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
