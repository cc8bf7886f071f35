package partyline.transport;

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
}
