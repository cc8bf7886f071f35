package partyline.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/// Looks up names for a client and passes on permitted addresses only. The client connects to these very objects and
/// asks nobody again, so no second answer can slip in between; literal addresses come through here as well.
final class GuardedResolver implements DnsResolver {

    /// Finds the addresses of a name; the JDK's look-up except in tests.
    @FunctionalInterface
    interface Names {

        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /// None of a name's addresses may be called.
    static final class Blocked extends UnknownHostException {

        private static final long serialVersionUID = 1L;

        Blocked(String host) {
            super(host);
        }
    }

    private final Names names;
    private final Networks networks;
    private final boolean operator;

    GuardedResolver(Names names, Networks networks, boolean operator) {
        this.names = names;
        this.networks = networks;
        this.operator = operator;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] permitted = Stream.of(names.resolve(host))
                .filter(address -> networks.permits(address, operator))
                .toArray(InetAddress[]::new);
        if (permitted.length == 0) {
            throw new Blocked(host);
        }
        return permitted;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
