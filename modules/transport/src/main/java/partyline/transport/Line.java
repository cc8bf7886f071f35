package partyline.transport;

import java.util.Optional;
import java.util.Set;
import partyline.kernel.PhoneNumber;

/// One number that this server can text from. `id` is its key in the configuration and in the database; the number is
/// an attribute that may change; `driver` names who speaks for it.
public record Line(String id, PhoneNumber number, Set<Role> roles, String driver, Terms terms) {

    /// What a line is for: the router takes commands, pool lines carry conversations. One without a role is
    /// one agent's own number, or only serves as the fallback of others.
    public enum Role {
        ROUTER,
        POOL
    }

    /// What becomes of a text to somebody without iMessage: it travels on what their phone has, or is refused.
    public enum Fallback {
        SMS,
        NONE
    }

    /// How a line is used. With `fallbackLine`, the id of another line, what this one cannot bring goes there.
    /// `shared`: one person may have several agents on it. `dedicated`: one agent alone has it.
    public record Terms(
            Fallback fallback,
            Optional<String> fallbackLine,
            boolean shared,
            Pace pace,
            Optional<Dedication> dedicated) {

        public Terms(Fallback fallback, Optional<String> fallbackLine, boolean shared, Pace pace) {
            this(fallback, fallbackLine, shared, pace, Optional.empty());
        }

        public static Terms of(Fallback fallback) {
            return new Terms(fallback, Optional.empty(), false, Pace.NONE);
        }
    }

    /// Whose own number a line is: the agent's who has `handle`, written without its `@`. With `cold` it may
    /// write first to people who never wrote to it.
    public record Dedication(String handle, boolean cold) {}

    /// What a line's service puts up with: sends in any minute, and people whom the line never talked with
    /// before, in any hour and day. 0 is no bound.
    public record Pace(int sendsPerMinute, int newPeoplePerHour, int newPeoplePerDay) {

        public static final Pace NONE = new Pace(0, 0, 0);
    }

    public Line {
        roles = Set.copyOf(roles);
    }

    public Line(String id, PhoneNumber number, Set<Role> roles, String driver, Fallback fallback) {
        this(id, number, roles, driver, Terms.of(fallback));
    }

    public Fallback fallback() {
        return terms.fallback();
    }

    public boolean shared() {
        return terms.shared();
    }

    /// Whether it is one agent's own number.
    public boolean dedicated() {
        return terms.dedicated().isPresent();
    }

    public boolean is(Role role) {
        return roles.contains(role);
    }
}
