package partyline.transport;

import java.util.Set;
import partyline.kernel.PhoneNumber;

/// One number that this server can text from. `id` is its key in the configuration and in the database; the number is
/// an attribute that may change; `driver` names who speaks for it.
public record Line(String id, PhoneNumber number, Set<Role> roles, String driver, Fallback fallback) {

    /// What a line is for: the router takes commands, pool lines carry conversations.
    public enum Role {
        ROUTER,
        POOL
    }

    /// What becomes of a text to somebody without iMessage: it travels on what their phone has, or is refused.
    public enum Fallback {
        SMS,
        NONE
    }

    public Line {
        roles = Set.copyOf(roles);
    }

    public boolean is(Role role) {
        return roles.contains(role);
    }
}
