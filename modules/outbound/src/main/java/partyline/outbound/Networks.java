package partyline.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/// Which addresses may be called: public ones by everybody, the allowed networks by the operator's
/// organization too, and a few by nobody, whatever is allowed.
///
/// The JDK's own predicates (`isSiteLocalAddress` and the like) miss most of these blocks. An IPv4 address
/// inside an IPv6 one (`::ffff:…`) is judged as the IPv4 address; the other ways to wrap one are not public.
/// Immutable.
final class Networks {

    /// Unspecified, link-local, multicast, broadcast, and the metadata services of cloud providers.
    private static final List<Cidr> NEVER = blocks(
            "0.0.0.0/8",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "192.0.0.192/32",
            "224.0.0.0/4",
            "255.255.255.255/32",
            "::/128",
            "fd00:ec2::/32",
            "fe80::/10",
            "ff00::/8");

    /// The special-purpose registries of IANA (RFC 6890 and later) and what is reserved.
    private static final List<Cidr> NOT_PUBLIC = blocks(
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20");

    /// All of IPv6 that is routed at all; NAT64, unique local, site-local and IPv4-compatible lie outside.
    private static final Cidr GLOBAL_UNICAST = Cidr.parse("2000::/3");

    private final List<Cidr> allowed;

    private Networks(List<Cidr> allowed) {
        this.allowed = allowed;
    }

    /// Public addresses, and `allowed` (each such as `127.0.0.0/8`) for the operator.
    ///
    /// @throws IllegalArgumentException with a sentence that quotes the first bad one.
    static Networks parse(List<String> allowed) {
        return new Networks(allowed.stream().map(Cidr::parse).toList());
    }

    boolean permits(InetAddress address, boolean operator) {
        return isPublic(address) || (operator && allows(address));
    }

    /// Whether the operator opened this address, over plain http too.
    boolean allows(InetAddress address) {
        return within(allowed, address) && !within(NEVER, address);
    }

    /// Whether everybody may call this address.
    static boolean isPublic(InetAddress address) {
        boolean routed = address instanceof Inet4Address || GLOBAL_UNICAST.contains(address);
        return routed && !within(NEVER, address) && !within(NOT_PUBLIC, address);
    }

    /// Whether the operator opened any network at all.
    boolean allowsAny() {
        return !allowed.isEmpty();
    }

    private static boolean within(List<Cidr> blocks, InetAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    private static List<Cidr> blocks(String... texts) {
        return Stream.of(texts).map(Cidr::parse).toList();
    }
}
