package partyline.app.pages;

import java.net.URI;
import java.util.function.Supplier;

/// What a browser lets the pages do: programs and calls of this server alone, in frames of their own kind alone.
/// `ownUrl` begins the addresses of the server's files, which may not be the one that the page was asked for by.
record PagePolicy(Supplier<String> ownUrl) {

    /// Files lie here, where agents say, or on the machine of who tries things out; over plain http nowhere else.
    private static final String FILES = " 'self' data: blob: https: http://127.0.0.1:* http://localhost:*";

    String text() {
        URI own = URI.create(ownUrl.get());
        String files = FILES + " " + own.getScheme() + "://" + own.getRawAuthority();
        return "default-src 'self'; img-src" + files + "; media-src" + files
                + "; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";
    }
}
