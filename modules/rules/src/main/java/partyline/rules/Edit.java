package partyline.rules;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import partyline.kernel.Id;
import partyline.rules.Choices.Choice;

/// One change of the [Choices] about a number, with what it does to rules: two sides that come to agree are one rule,
/// under the older id; one rule whose sides come to differ is two. For one thread.
final class Edit {

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

    /// Sets the sides of `direction`, in force at once, and returns the rule that covers them. An opposite side that
    /// agrees widens.
    Rule put(Direction direction, Rule.Action action) {
        Choice fresh = new Choice(ids.get(), action, false, now, now);
        List<Choice> there = standing(direction);
        Choice base = there.stream()
                .min(BY_AGE)
                .or(() ->
                        standing(Direction.BOTH).stream().filter(fresh::agrees).findFirst())
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

    /// Makes a rule cover `direction` and nothing else, with this action. Where another rule is in its way and does not
    /// agree, nothing changes, and that one's id is returned.
    Optional<Id> change(Rule rule, Direction direction, Rule.Action action, boolean paused) {
        Choice wish = new Choice(rule.id(), action, paused, rule.createdAt(), now);
        List<Choice> others = standing(direction).stream()
                .filter(it -> !it.rule().equals(rule.id()))
                .toList();
        Optional<Id> hindrance =
                others.stream().filter(it -> !it.agrees(wish)).map(Choice::rule).findFirst();
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
