package partyline.contacts;

import java.util.LinkedHashMap;
import java.util.Map;

/// What an agent may see of a contact, and what it may do with each address, in the order of the card. Without the
/// profile it may nothing.
public record Permissions(boolean profile, boolean memories, Map<ContactAddress, Sides> addresses) {

    /// Whether the agent may be written to from an address, and write to it.
    public record Sides(boolean inbound, boolean outbound) {}

    /// The addresses of one kind.
    public Map<ContactAddress, Sides> of(ContactAddress.Kind kind) {
        Map<ContactAddress, Sides> some = new LinkedHashMap<>(addresses);
        some.keySet().removeIf(address -> address.kind() != kind);
        return some;
    }
}
