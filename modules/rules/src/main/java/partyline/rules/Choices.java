package partyline.rules;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import partyline.identities.FilterMode;
import partyline.identities.Identity;
import partyline.identities.Identity.FilterModes;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;

/// All that an identity decided about one number: a verdict reads it, and the rules for that number are views of it. A
/// hidden number is denied either way, whatever was chosen for its sides.
public record Choices(
        Id identity, PhoneNumber number, boolean hidden, Optional<Choice> inbound, Optional<Choice> outbound) {

    /// What was chosen for one side. A rule that covers both sides stands on each of them, the same.
    public record Choice(Id rule, Rule.Action action, boolean paused, Instant createdAt, Instant updatedAt) {

        /// Whether the two could be one rule.
        boolean agrees(Choice other) {
            return action == other.action && paused == other.paused;
        }
    }

    static Choices none(Id identity, PhoneNumber number) {
        return new Choices(identity, number, false, Optional.empty(), Optional.empty());
    }

    /// What is in force for a side, whether hidden or not: empty where the mode decides.
    public Optional<Rule.Action> action(Direction side) {
        return active(side).map(Choice::action);
    }

    /// What the choices and the modes come to, both ways for [Direction#BOTH], if the number were not hidden.
    public boolean permits(Identity identity, Direction direction) {
        return direction.sides().stream().noneMatch(side -> refuses(identity, side));
    }

    Verdict verdict(Identity identity, Direction direction) {
        if (hidden) {
            return new Verdict.Blocked(Optional.empty());
        }
        return direction.sides().stream()
                .filter(side -> refuses(identity, side))
                .findFirst()
                .<Verdict>map(side -> new Verdict.Blocked(active(side).map(Choice::rule)))
                .orElseGet(Verdict.Allowed::new);
    }

    private boolean refuses(Identity identity, Direction side) {
        FilterModes.Channel modes = identity.filterModes().phone();
        FilterMode mode = side == Direction.INBOUND ? modes.inbound() : modes.outbound();
        return action(side).map(action -> action == Rule.Action.BLOCK).orElse(mode == FilterMode.WHITELIST);
    }

    private Optional<Choice> active(Direction side) {
        return on(side).filter(choice -> !choice.paused());
    }

    Optional<Choice> on(Direction side) {
        return side == Direction.INBOUND ? inbound : outbound;
    }

    /// The rules that this amounts to: none, one, or one for each side.
    List<Rule> rules() {
        return Stream.of(Direction.INBOUND, Direction.OUTBOUND)
                .flatMap(side -> on(side).stream())
                .map(Choice::rule)
                .distinct()
                .flatMap(rule -> rule(rule).stream())
                .toList();
    }

    Optional<Rule> rule(Id id) {
        boolean in = inbound.filter(it -> it.rule().equals(id)).isPresent();
        boolean out = outbound.filter(it -> it.rule().equals(id)).isPresent();
        Direction direction = in && out ? Direction.BOTH : in ? Direction.INBOUND : Direction.OUTBOUND;
        return (in ? inbound : outbound)
                .filter(_ -> in || out)
                .map(it -> new Rule(
                        id, identity, number, direction, it.action(), it.paused(), it.createdAt(), it.updatedAt()));
    }

    Choices with(Direction direction, Optional<Choice> choice) {
        return new Choices(
                identity,
                number,
                hidden,
                direction.covers(Direction.INBOUND) ? choice : inbound,
                direction.covers(Direction.OUTBOUND) ? choice : outbound);
    }
}
