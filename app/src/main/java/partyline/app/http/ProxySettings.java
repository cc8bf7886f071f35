package partyline.app.http;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.app.config.Config;
import partyline.outbound.Cidr;

/// The reverse proxies in front of this server, whose word about a client's address counts. Immutable.
public record ProxySettings(List<Cidr> trusted) {

    public ProxySettings {
        trusted = List.copyOf(trusted);
    }

    public static ProxySettings of(Config.Http config) {
        return new ProxySettings(config.proxies());
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
        return trusted.stream().anyMatch(block -> block.contains(address));
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text.strip().replaceAll("^\\[|]$", "")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
