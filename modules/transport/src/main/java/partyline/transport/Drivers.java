package partyline.transport;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import partyline.transport.internal.bluebubbles.BlueBubbles;

/// The drivers of real lines, by the name that a line's configuration gives.
public final class Drivers {

    /// A driver: the keys that the configuration of its lines has under its name, the pace that its service puts up
    /// with
    /// unless the configuration says otherwise, and how it is made. Making one checks the keys and touches nothing.
    public record Kind(String name, Set<String> keys, Line.Pace pace, Function<LineSetup, Driver> make) {

        public Kind(String name, Set<String> keys, Function<LineSetup, Driver> make) {
            this(name, keys, Line.Pace.NONE, make);
        }
    }

    private static final List<Kind> KINDS = List.of(BlueBubbles.KIND);

    private Drivers() {}

    public static List<Kind> all() {
        return KINDS;
    }

    public static Optional<Kind> named(String name) {
        return KINDS.stream().filter(kind -> kind.name().equals(name)).findFirst();
    }
}
