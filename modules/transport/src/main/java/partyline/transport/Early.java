package partyline.transport;

/// What was done about something of ours before anybody knew what its line calls it. It waits for that, a day at most.
public sealed interface Early permits Receipt, InboundEvent.TapbackReceived {}
