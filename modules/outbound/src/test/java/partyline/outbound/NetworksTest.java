package partyline.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    private final Networks loopback = Networks.parse(List.of("127.0.0.0/8", "::1/128"));
    private final Networks everything = Networks.parse(List.of("0.0.0.0/0", "::/0"));

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"})
    void public_addresses_are_for_everybody(String address) {
        assertThat(loopback.permits(InetAddress.ofLiteral(address), false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.0.0.1",
                "100.64.0.1",
                "127.0.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "192.0.0.1",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::a00:1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:a00:1::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void special_addresses_are_for_nobody_but_an_operator_who_allowed_them(String address) {
        assertThat(everything.permits(InetAddress.ofLiteral(address), false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"})
    void the_operator_reaches_what_it_allowed(String address) {
        assertThat(loopback.permits(InetAddress.ofLiteral(address), true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "169.254.169.254",
                "100.100.100.200",
                "fd00:ec2::254",
                "fe80::1",
                "224.0.0.1",
                "ff02::1",
                "::"
            })
    void no_list_opens_link_local_metadata_or_multicast(String address) {
        assertThat(everything.permits(InetAddress.ofLiteral(address), true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::1/129", "10.0.0.0/8/8"})
    void a_bad_network_is_quoted_in_the_refusal(String text) {
        assertThatThrownBy(() -> Networks.parse(List.of("127.0.0.0/8", text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("\"" + text + "\" is not a network");
    }

    @Test
    void an_address_alone_is_a_network_of_one() {
        Networks one = Networks.parse(List.of("192.168.1.7"));

        assertThat(one.permits(InetAddress.ofLiteral("192.168.1.7"), true)).isTrue();
        assertThat(one.permits(InetAddress.ofLiteral("192.168.1.8"), true)).isFalse();
    }
}
