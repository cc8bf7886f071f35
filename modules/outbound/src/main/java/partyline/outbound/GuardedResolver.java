package partyline.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/// Looks up names for a client and passes on permitted addresses only; over plain http a name must have no
/// others. The client connects to these very objects and asks nobody again, so no second answer can slip in
/// between; literal addresses come through here as well.
final class GuardedResolver implements DnsResolver {

    /// Finds the addresses of a name; the JDK's look-up except in tests.
    @FunctionalInterface
    interface Names {

        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /// None of a name's addresses may be called.
    static final class Blocked extends UnknownHostException {

        private static final long serialVersionUID = 1L;

        private final String sentence;

        Blocked(String host, String sentence) {
            super(host);
            this.sentence = sentence;
        }

        String sentence() {
            return sentence;
        }
    }

    private static final String PRIVATE = "the name points to a private or reserved address, which may not be called";
    private static final String PLAIN =
            "plain http goes only to a name all of whose addresses are within outbound.allow: use https, or let the"
                    + " operator open its network there";

    private final Names names;
    private final Networks networks;
    private final Outbound.Trust trust;

    GuardedResolver(Names names, Networks networks, Outbound.Trust trust) {
        this.names = names;
        this.networks = networks;
        this.trust = trust;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = names.resolve(host);
        InetAddress[] permitted = Stream.of(found).filter(this::permits).toArray(InetAddress[]::new);
        if (trust == Outbound.Trust.OPERATOR_PLAIN
                && !host.equalsIgnoreCase("localhost")
                && permitted.length < found.length) {
            throw new Blocked(host, PLAIN);
        }
        if (permitted.length == 0) {
            throw new Blocked(host, PRIVATE);
        }
        return permitted;
    }

    private boolean permits(InetAddress address) {
        return switch (trust) {
            case PUBLIC -> networks.permits(address, false);
            case OPERATOR -> networks.permits(address, true);
            case OPERATOR_PLAIN -> networks.allows(address);
        };
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
