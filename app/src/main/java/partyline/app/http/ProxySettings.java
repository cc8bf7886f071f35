package partyline.app.http;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.app.config.Settings;
import partyline.outbound.Cidr;

/// The border to the network: the proxies whose word about a client's address counts, and the web origins whose pages
/// may call the API. Immutable.
public record ProxySettings(List<Cidr> trustedProxies, List<String> corsOrigins) {

    private static final Pattern ORIGIN = Pattern.compile("https?://[^/\\s,*]+");

    public ProxySettings {
        trustedProxies = List.copyOf(trustedProxies);
        corsOrigins = List.copyOf(corsOrigins);
    }

    public static ProxySettings of(Settings settings) {
        List<Cidr> proxies = new ArrayList<>();
        for (String text : settings.texts("http.trusted_proxies", List.of())) {
            try {
                proxies.add(Cidr.parse(text));
            } catch (IllegalArgumentException e) {
                throw settings.wrong("http.trusted_proxies", "has a wrong entry: " + e.getMessage());
            }
        }
        List<String> origins = settings.texts("http.cors_origins", List.of());
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw settings.wrong(
                        "http.cors_origins",
                        "has \"%s\", which is not an origin: write it like https://app.example.org".formatted(origin));
            }
        }
        return new ProxySettings(proxies, origins);
    }

    /// The address that a request comes from. What `X-Forwarded-For` says is believed from right to left, as long as
    /// a trusted proxy says it.
    InetAddress client(Context ctx) {
        InetAddress from = literal(ctx.req().getRemoteAddr()).orElse(InetAddress.getLoopbackAddress());
        List<String> told = new ArrayList<>();
        ctx.req()
                .getHeaders("X-Forwarded-For")
                .asIterator()
                .forEachRemaining(it -> told.addAll(List.of(it.split(",", -1))));
        for (String hop : told.reversed()) {
            Optional<InetAddress> before = literal(hop);
            if (!trusts(from) || before.isEmpty()) {
                break;
            }
            from = before.get();
        }
        return from;
    }

    private boolean trusts(InetAddress address) {
        return trustedProxies.stream().anyMatch(block -> block.contains(address));
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text.strip().replaceAll("^\\[|]$", "")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
