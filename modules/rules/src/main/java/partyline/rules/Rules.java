package partyline.rules;

import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;

/// The contact rules of all identities: making, changing and ending them. What follows from them is said by the
/// [ContactPolicy]; a change is in force for the next message. Thread-safe: it holds no state of its own.
public final class Rules {

    /// Narrows a list; what is empty does not matter. Rules that go both ways are of either direction.
    public record Filter(
            Optional<Id> identity,
            Optional<Rule.Action> action,
            Optional<Direction> direction,
            int limit,
            int offset) {}

    /// What an update says of a rule; what is empty stays. With `only`, which is one side, the action is for that side
    /// alone.
    public record Change(
            Optional<Rule.Action> action,
            Optional<Direction> direction,
            Optional<Direction> only,
            Optional<Boolean> paused) {}

    /// What became of a wish for a rule.
    public sealed interface CreateOutcome {

        /// It is in force, perhaps as a part of one that was there and agrees.
        record Created(Rule rule) implements CreateOutcome {}

        /// A rule of the identity covers that side of that number, active or paused.
        record Duplicate(Id existing) implements CreateOutcome {}

        /// The identity has as many rules as it may have.
        record QuotaExceeded() implements CreateOutcome {}
    }

    /// What became of a wish to change a rule.
    public sealed interface UpdateOutcome {

        /// It is in force. The rule may have become one with another, under the older id of the two.
        record Updated(Rule rule) implements UpdateOutcome {}

        /// The caller sees no such rule.
        record NotFound() implements UpdateOutcome {}

        /// Another rule covers a side that it was to cover, and does not agree.
        record Overlaps(Id existing) implements UpdateOutcome {}

        /// It does not cover the one side that was to change.
        record NotCovered() implements UpdateOutcome {}
    }

    private final Storage storage;
    private final int most;
    private final RuleStore store = new RuleStore();

    /// With rules for at most `most` numbers for each identity; 0 is no bound.
    public Rules(Storage storage, int most) {
        this.storage = storage;
        this.most = most;
    }

    /// The rules that name a person, whatever they say.
    public static List<PersonalTable> personalTables() {
        return List.of(
                PersonalTable.deleted("contact_rule_alias", "number = :person"),
                PersonalTable.deleted("contact_rule", "number = :person"));
    }

    /// All that the identity decided about a number, for whoever shows it otherwise than as rules.
    public Choices choices(Handle handle, Id identity, PhoneNumber number) {
        return store.find(handle, identity, number);
    }

    /// Whether the identity may have rules for all of these numbers: to be asked before [#choose], once for a unit.
    public boolean hasRoom(Tx tx, Id identity, Collection<PhoneNumber> numbers) {
        if (most == 0 || numbers.isEmpty()) {
            return true;
        }
        Set<PhoneNumber> different = Set.copyOf(numbers);
        int fresh = different.size() - store.count(tx, identity, different);
        return fresh == 0 || store.count(tx, identity) + fresh <= most;
    }

    /// Sets the sides of `direction` for a number, in force at once whatever was there, or leaves them to the mode when
    /// `action` is empty. What it comes to are rules like any other.
    public void choose(
            Tx tx, Identity identity, PhoneNumber number, Direction direction, Optional<Rule.Action> action) {
        Choices before = choices(tx.handle(), identity.id(), number);
        if (direction.sides().stream().allMatch(side -> isChosen(before, side, action))) {
            return;
        }
        Choices.Edit edit = edit(before);
        action.ifPresentOrElse(it -> edit.put(direction, it), () -> edit.clear(direction));
        store.save(tx, identity, before, edit.choices(), edit.merged());
    }

    /// Denies numbers both ways to identities of an organization, whatever their rules say, which stay. It is no rule,
    /// so no list of rules has it.
    public void hide(Tx tx, OrganizationId organization, Collection<Id> identities, Collection<PhoneNumber> numbers) {
        store.hide(tx, organization, identities, numbers);
    }

    /// Ends [#hide], also for whoever forgets a person and has nothing but the transaction.
    public static void show(Tx tx, Collection<Id> identities, Collection<PhoneNumber> numbers) {
        new RuleStore().show(tx, identities, numbers);
    }

    /// Adds a rule to an identity that the caller was allowed to see. One that agrees and covers the other side widens.
    public CreateOutcome create(Identity identity, PhoneNumber number, Direction direction, Rule.Action action) {
        return storage.database().write(tx -> {
            Choices before = choices(tx.handle(), identity.id(), number);
            Optional<Id> covering = covering(before, direction, action);
            if (covering.isPresent()) {
                return new CreateOutcome.Duplicate(covering.get());
            }
            if (!hasRoom(tx, identity.id(), List.of(number))) {
                return new CreateOutcome.QuotaExceeded();
            }
            Choices.Edit edit = edit(before);
            Rule made = edit.put(direction, action);
            store.save(tx, identity, before, edit.choices(), edit.merged());
            return new CreateOutcome.Created(made);
        });
    }

    /// The rules that the caller sees, newest first.
    public List<Rule> list(Caller caller, Filter filter) {
        return storage.database().read(handle -> store.list(handle, caller, filter));
    }

    /// One rule of an identity, if the caller sees it, by its id or one that it took in.
    public Optional<Rule> find(Caller caller, Id identity, Id rule) {
        return storage.database().read(handle -> store.find(handle, caller, identity, rule));
    }

    /// Changes what a rule does or where, or pauses it.
    public UpdateOutcome update(Caller caller, Identity identity, Id id, Change change) {
        return storage.database().write(tx -> {
            Optional<Rule> found = store.find(tx.handle(), caller, identity.id(), id);
            if (found.isEmpty()) {
                return new UpdateOutcome.NotFound();
            }
            Rule rule = found.get();
            Rule.Action action = change.action().orElse(rule.action());
            Choices before = choices(tx.handle(), identity.id(), rule.number());
            Choices.Edit edit = edit(before);
            if (change.only().isPresent()) {
                if (!rule.direction().covers(change.only().get())) {
                    return new UpdateOutcome.NotCovered();
                }
                edit.change(rule, change.only().get(), action);
            } else {
                Direction direction = change.direction().orElse(rule.direction());
                Optional<Id> hindrance =
                        edit.change(rule, direction, action, change.paused().orElse(rule.paused()));
                if (hindrance.isPresent()) {
                    return new UpdateOutcome.Overlaps(hindrance.get());
                }
            }
            store.save(tx, identity, before, edit.choices(), edit.merged());
            return new UpdateOutcome.Updated(edit.rule(rule.id()));
        });
    }

    /// Deletes a rule and frees what it covers; false when the caller sees no such rule.
    public boolean delete(Caller caller, Identity identity, Id id) {
        return storage.database().write(tx -> {
            Optional<Rule> found = store.find(tx.handle(), caller, identity.id(), id);
            found.ifPresent(rule -> {
                Choices before = choices(tx.handle(), identity.id(), rule.number());
                Choices.Edit edit = edit(before);
                edit.clear(rule.direction());
                store.save(tx, identity, before, edit.choices(), edit.merged());
            });
            return found.isPresent();
        });
    }

    /// Forgets the rules of a deleted identity.
    public void deleteAll(Tx tx, Id identity) {
        store.deleteAll(tx, identity);
    }

    private Choices.Edit edit(Choices before) {
        return new Choices.Edit(
                before, storage.ids()::next, storage.clock().instant().truncatedTo(ChronoUnit.MICROS));
    }

    private static boolean isChosen(Choices choices, Direction side, Optional<Rule.Action> action) {
        return action.isPresent()
                ? choices.action(side).equals(action)
                : choices.on(side).isEmpty();
    }

    /// The rule that forbids to add this one: it covers all of its sides, or one of them in another way.
    private static Optional<Id> covering(Choices choices, Direction direction, Rule.Action action) {
        List<Choices.Choice> there = direction.sides().stream()
                .flatMap(side -> choices.on(side).stream())
                .toList();
        boolean free = there.size() < direction.sides().size();
        return there.stream()
                .filter(it -> !free || it.paused() || it.action() != action)
                .map(Choices.Choice::rule)
                .findFirst();
    }
}
