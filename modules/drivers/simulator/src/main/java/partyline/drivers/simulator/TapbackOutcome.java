package partyline.drivers.simulator;

/// What became of a tapback that a person gave on the simulator.
public sealed interface TapbackOutcome {

    /// The phone shows it (or no longer does), and the news is on its way.
    record Done() implements TapbackOutcome {}

    /// This person's phone shows no such bubble.
    record NoSuchBubble() implements TapbackOutcome {}

    /// There is no such tapback; `detail` says what to change.
    record BadReaction(String detail) implements TapbackOutcome {}
}
