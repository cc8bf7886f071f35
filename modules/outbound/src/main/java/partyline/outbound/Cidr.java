package partyline.outbound;

import java.net.InetAddress;

/// A block of addresses such as `10.0.0.0/8`. Never contains an address of the other family.
public record Cidr(InetAddress network, int prefixBits) {

    /// The block that `text` spells; an address alone is a block of one.
    ///
    /// @throws IllegalArgumentException with a sentence that quotes `text`.
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int most = network.getAddress().length * Byte.SIZE;
            int prefix = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            if (prefix < 0 || prefix > most) {
                throw new IllegalArgumentException("prefix out of range");
            }
            return new Cidr(network, prefix);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a network: write it like 127.0.0.0/8 or ::1/128", e);
        }
    }

    /// Whether `address` lies in this block.
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit++) {
            int mask = 0x80 >>> bit % Byte.SIZE;
            if ((mine[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
