package partyline.transport;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import partyline.transport.internal.bluebubbles.BlueBubbles;
import partyline.transport.internal.generic.WebhookDriver;
import partyline.transport.internal.sendblue.SendblueDriver;
import partyline.transport.internal.twilio.TwilioDriver;

/// The drivers of real lines, by the name that a line's configuration gives.
public final class Drivers {

    /// A driver: the keys that the configuration of its lines has under its name, the pace that its service bears
    /// unless the configuration says otherwise, what its lines can do, and how it is made. Making one checks the
    /// keys and touches nothing.
    public record Kind(
            String name, Set<String> keys, Line.Pace pace, List<Mode> modes, Function<LineSetup, Driver> make) {

        public Kind(String name, Set<String> keys, List<Mode> modes, Function<LineSetup, Driver> make) {
            this(name, keys, Line.Pace.NONE, modes, make);
        }
    }

    /// What lines of a driver can do `when` something is so, such as "the person has iMessage".
    public record Mode(String when, Capabilities capabilities) {}

    private static final List<Kind> KINDS =
            List.of(BlueBubbles.KIND, SendblueDriver.KIND, TwilioDriver.KIND, WebhookDriver.KIND);

    private Drivers() {}

    public static List<Kind> all() {
        return KINDS;
    }

    public static Optional<Kind> named(String name) {
        return KINDS.stream().filter(kind -> kind.name().equals(name)).findFirst();
    }
}
