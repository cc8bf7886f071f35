package partyline.drivers.simulator;

/// What became of a text that a person wrote on the simulator.
public sealed interface TextOutcome {

    /// It is on the person's phone as the bubble `providerId`, and on its way.
    record Sent(String providerId) implements TextOutcome {}

    /// The number belongs to no line of the simulator.
    record NoSuchLine() implements TextOutcome {}

    /// Neither text nor media: nothing to send.
    record Nothing() implements TextOutcome {}
}
