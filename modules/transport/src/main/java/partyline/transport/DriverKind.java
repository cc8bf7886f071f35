package partyline.transport;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A driver: the keys that the configuration of its lines has under its name, the pace that its service bears
/// unless the configuration says otherwise, what its lines can do, what a line has for `itself` (empty: nothing), and
/// how it is made. Making one checks the keys and touches nothing.
public record DriverKind(
        String name,
        Set<String> keys,
        Line.Pace pace,
        List<Mode> modes,
        Function<LineSetup.Options, Optional<String>> itself,
        Function<LineSetup, Driver> make) {

    /// What lines of a driver can do `when` something is so, such as "the person has iMessage".
    public record Mode(String when, Capabilities capabilities) {}

    public DriverKind(
            String name, Set<String> keys, Line.Pace pace, List<Mode> modes, Function<LineSetup, Driver> make) {
        this(name, keys, pace, modes, _ -> Optional.empty(), make);
    }

    public DriverKind(String name, Set<String> keys, List<Mode> modes, Function<LineSetup, Driver> make) {
        this(name, keys, Line.Pace.NONE, modes, make);
    }

    /// The same, but no two lines may have what `named` tells, such as a Mac, since both would hear every text.
    public DriverKind alone(Function<LineSetup.Options, Optional<String>> named) {
        return new DriverKind(name, keys, pace, modes, named, make);
    }
}
