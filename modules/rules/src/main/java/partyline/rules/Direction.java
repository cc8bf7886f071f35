package partyline.rules;

import java.util.List;
import java.util.Locale;

/// Which way something goes between a person and an identity, seen from the identity.
public enum Direction {
    /// From the person.
    INBOUND,
    /// To the person.
    OUTBOUND,
    /// Either way.
    BOTH;

    /// Whether whatever goes `side` is of this direction.
    public boolean covers(Direction side) {
        return this == BOTH || this == side;
    }

    /// The single sides of it.
    public List<Direction> sides() {
        return this == BOTH ? List.of(INBOUND, OUTBOUND) : List.of(this);
    }

    /// The other side of a single one.
    Direction opposite() {
        return switch (this) {
            case INBOUND -> OUTBOUND;
            case OUTBOUND -> INBOUND;
            case BOTH -> throw new IllegalStateException("both sides have no opposite");
        };
    }

    /// The name on the wire.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The direction that `wire` names.
    ///
    /// @throws IllegalArgumentException when it names none.
    public static Direction of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
