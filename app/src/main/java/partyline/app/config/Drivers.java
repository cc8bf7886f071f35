package partyline.app.config;

import java.util.List;
import java.util.Optional;
import partyline.drivers.androidsms.AndroidSmsDriver;
import partyline.drivers.bluebubbles.BlueBubbles;
import partyline.drivers.imsg.ImsgDriver;
import partyline.drivers.linq.LinqDriver;
import partyline.drivers.sendblue.SendblueDriver;
import partyline.drivers.twilio.TwilioDriver;
import partyline.drivers.webhook.WebhookDriver;
import partyline.transport.DriverKind;

/// The drivers of real lines, by the name that a line's configuration gives: the one list that names them.
public final class Drivers {

    private static final List<DriverKind> KINDS = List.of(
            AndroidSmsDriver.KIND,
            BlueBubbles.KIND,
            ImsgDriver.KIND,
            SendblueDriver.KIND,
            LinqDriver.KIND,
            TwilioDriver.KIND,
            WebhookDriver.KIND);

    private Drivers() {}

    public static List<DriverKind> all() {
        return KINDS;
    }

    public static Optional<DriverKind> named(String name) {
        return KINDS.stream().filter(kind -> kind.name().equals(name)).findFirst();
    }
}
