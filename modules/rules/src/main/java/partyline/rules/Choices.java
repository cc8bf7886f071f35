package partyline.rules;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import partyline.identities.FilterMode;
import partyline.identities.Identity;
import partyline.identities.Identity.FilterModes;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.rules.Choices.Choice;

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
        return (direction == Direction.OUTBOUND || !refuses(identity, Direction.INBOUND))
                && (direction == Direction.INBOUND || !refuses(identity, Direction.OUTBOUND));
    }

    /// Whether a rule, or the mode where none is in force, closes this side.
    boolean refuses(Identity identity, Direction side) {
        FilterModes.Channel modes = identity.filterModes().phone();
        FilterMode mode = side == Direction.INBOUND ? modes.inbound() : modes.outbound();
        return active(side).map(it -> it.action() == Rule.Action.BLOCK).orElse(mode == FilterMode.WHITELIST);
    }

    /// The first rule in force on the sides of `direction`.
    Optional<Id> ruleOn(Direction direction) {
        return direction.sides().stream()
                .flatMap(side -> active(side).stream())
                .findFirst()
                .map(Choice::rule);
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

    /// One change of the [Choices] about a number, with what it does to rules: two sides that come to agree are
    /// one rule, under the older id; one rule whose sides come to differ is two. For one thread.
    static final class Edit {

        private static final Comparator<Choice> BY_AGE =
                Comparator.comparing(choice -> choice.rule().text());

        private final Supplier<Id> ids;
        private final Instant now;
        private final Map<Id, Id> merged = new HashMap<>();
        private Choices choices;

        Edit(Choices choices, Supplier<Id> ids, Instant now) {
            this.choices = choices;
            this.ids = ids;
            this.now = now;
        }

        Choices choices() {
            return choices;
        }

        /// Which rules became one with which other.
        Map<Id, Id> merged() {
            return merged;
        }

        /// The rule that stands where the one of this id stood.
        Rule rule(Id id) {
            return choices.rule(merged.getOrDefault(id, id)).orElseThrow();
        }

        /// Sets the sides of `direction`, in force at once, and returns the rule that covers them. An opposite
        /// side that agrees widens.
        Rule put(Direction direction, Rule.Action action) {
            Choice fresh = new Choice(ids.get(), action, false, now, now);
            List<Choice> there = standing(direction);
            Choice base = there.stream()
                    .min(BY_AGE)
                    .or(() -> standing(Direction.BOTH).stream()
                            .filter(fresh::agrees)
                            .findFirst())
                    .orElse(fresh);
            there.forEach(it -> merge(it, base));
            set(direction, new Choice(base.rule(), action, false, base.createdAt(), now));
            return rule(base.rule());
        }

        /// Empties the sides of `direction`.
        void clear(Direction direction) {
            Choices before = choices;
            choices = choices.with(direction, Optional.empty());
            for (Choice left : standing(Direction.BOTH)) {
                Direction side = choices.rule(left.rule()).orElseThrow().direction();
                if (!before.rule(left.rule()).orElseThrow().direction().equals(side)) {
                    set(side, new Choice(left.rule(), left.action(), left.paused(), left.createdAt(), now));
                }
            }
        }

        /// Gives a side of a rule another action; the other side stays as it is.
        void change(Rule rule, Direction side, Rule.Action action) {
            set(side, new Choice(rule.id(), action, rule.paused(), rule.createdAt(), now));
        }

        /// Makes a rule cover `direction` and nothing else, with this action. Where another rule is in its way
        /// and does not agree, nothing changes, and that one's id is returned.
        Optional<Id> change(Rule rule, Direction direction, Rule.Action action, boolean paused) {
            Choice wish = new Choice(rule.id(), action, paused, rule.createdAt(), now);
            List<Choice> others = standing(direction).stream()
                    .filter(it -> !it.rule().equals(rule.id()))
                    .toList();
            Optional<Id> hindrance = others.stream()
                    .filter(it -> !it.agrees(wish))
                    .map(Choice::rule)
                    .findFirst();
            if (hindrance.isPresent()) {
                return hindrance;
            }
            Choice base = others.stream().reduce(wish, Edit::older);
            merge(wish, base);
            others.forEach(it -> merge(it, base));
            choices = choices.with(rule.direction(), Optional.empty());
            set(direction, new Choice(base.rule(), action, paused, base.createdAt(), now));
            return Optional.empty();
        }

        private List<Choice> standing(Direction direction) {
            return direction.sides().stream()
                    .flatMap(side -> choices.on(side).stream())
                    .distinct()
                    .toList();
        }

        private void set(Direction sides, Choice choice) {
            choices = choices.with(sides, Optional.of(choice));
            if (sides != Direction.BOTH) {
                choices.on(sides.opposite()).ifPresent(other -> settle(sides, choice, other));
            }
        }

        /// Brings the other side into line with the one that was just set.
        private void settle(Direction side, Choice set, Choice other) {
            if (other.agrees(set)) {
                Choice base = older(set, other);
                merge(set, base);
                merge(other, base);
                Choice both = new Choice(base.rule(), set.action(), set.paused(), base.createdAt(), now);
                choices = choices.with(Direction.BOTH, Optional.of(both));
            } else if (other.rule().equals(set.rule())) {
                Choice split = new Choice(ids.get(), other.action(), other.paused(), now, now);
                choices = choices.with(side.opposite(), Optional.of(split));
            }
        }

        private void merge(Choice loser, Choice base) {
            if (!loser.rule().equals(base.rule())) {
                merged.put(loser.rule(), base.rule());
            }
        }

        private static Choice older(Choice one, Choice other) {
            return BY_AGE.compare(one, other) <= 0 ? one : other;
        }
    }
}
