package partyline.transport;

import java.util.Locale;
import java.util.Optional;

/// What a text travels on.
public enum Service {
    IMESSAGE("imessage"),
    RCS("rcs"),
    SMS("sms");

    private final String wire;

    Service(String wire) {
        this.wire = wire;
    }

    /// The name on the wire and in the database.
    public String wire() {
        return wire;
    }

    /// The service that `wire` names.
    ///
    /// @throws IllegalArgumentException when it names none.
    public static Service of(String wire) {
        for (Service service : values()) {
            if (service.wire.equals(wire)) {
                return service;
            }
        }
        throw new IllegalArgumentException("service must be imessage, rcs or sms");
    }

    /// The service that a line means by `words`, in any spelling that is met: capitals do not matter, `MMS` is
    /// SMS, `iMessageLite` iMessage. Empty when it is none of these; who must go on then takes [#SMS], where most
    /// words stop.
    public static Optional<Service> heard(String words) {
        return switch (words.strip().toLowerCase(Locale.ROOT)) {
            case "imessage", "imessagelite" -> Optional.of(IMESSAGE);
            case "rcs" -> Optional.of(RCS);
            case "sms", "mms" -> Optional.of(SMS);
            default -> Optional.empty();
        };
    }
}
