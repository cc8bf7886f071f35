package partyline.rules;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.identities.FilterMode;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;

/// The contact rules of all identities, and what follows from them.
///
/// [#verdict] is the one function that decides who may reach whom; the router, inbound texts and tapbacks, sends, read
/// receipts and typing all ask it, in the transaction that acts on the answer. Thread-safe: it holds no state of its
/// own.
public final class Rules {

    /// Narrows a list; what is empty does not matter.
    public record Filter(Optional<Id> identity, Optional<Rule.Action> action, int limit, int offset) {}

    /// What became of a wish for a rule.
    public sealed interface CreateOutcome {

        /// It is in force.
        record Created(Rule rule) implements CreateOutcome {}

        /// The identity has a rule for that number, active or paused.
        record Duplicate(Id existing) implements CreateOutcome {}

        /// The identity has as many rules as it may have.
        record QuotaExceeded() implements CreateOutcome {}
    }

    private final Storage storage;
    private final int most;
    private final RuleStore store = new RuleStore();

    /// With at most `most` rules for each identity; 0 is no bound.
    public Rules(Storage storage, int most) {
        this.storage = storage;
        this.most = most;
    }

    /// The rules that name a person, whatever they say.
    public static List<PersonalTable> personalTables() {
        return List.of(PersonalTable.deleted("contact_rule", "number = :person"));
    }

    /// Whether `person` and `identity` may talk. A change of the rules is in force for the next message.
    public Verdict verdict(Tx tx, Identity identity, PhoneNumber person) {
        return verdict(identity, store.find(tx, identity.id(), person));
    }

    /// The same for a check that is part of a read.
    public Verdict verdict(Handle handle, Identity identity, PhoneNumber person) {
        return verdict(identity, store.find(handle, identity.id(), person));
    }

    private static Verdict verdict(Identity identity, Optional<Rule> naming) {
        Optional<Rule> match = naming.filter(rule -> !rule.paused());
        boolean open = identity.filterModes().imessage() == FilterMode.BLACKLIST;
        boolean allowed = match.map(rule -> rule.action() == Rule.Action.ALLOW).orElse(open);
        return allowed ? new Verdict.Allowed() : new Verdict.Blocked(open ? match.map(Rule::id) : Optional.empty());
    }

    /// Adds a rule to an identity that the caller was allowed to see.
    public CreateOutcome create(Identity identity, PhoneNumber number, Rule.Action action) {
        return storage.database().write(tx -> {
            Optional<Rule> existing = store.find(tx, identity.id(), number);
            if (existing.isPresent()) {
                return new CreateOutcome.Duplicate(existing.get().id());
            }
            if (most > 0 && store.count(tx, identity.id()) >= most) {
                return new CreateOutcome.QuotaExceeded();
            }
            Instant now = storage.clock().instant();
            Rule made = new Rule(
                    storage.ids().next(), identity.organization(), identity.id(), number, action, false, now, now);
            store.insert(tx, made);
            return new CreateOutcome.Created(made);
        });
    }

    /// The rules that the caller sees, newest first.
    public List<Rule> list(Caller caller, Filter filter) {
        return storage.database().read(handle -> store.list(handle, caller, filter));
    }

    /// One rule of an identity, if the caller sees it.
    public Optional<Rule> find(Caller caller, Id identity, Id rule) {
        return storage.database().read(handle -> store.find(handle, caller, identity, rule));
    }

    /// Changes what a rule does, or pauses it; empty when the caller sees no such rule.
    public Optional<Rule> update(
            Caller caller, Id identity, Id rule, Optional<Rule.Action> action, Optional<Boolean> paused) {
        return storage.database().write(tx -> {
            Optional<Rule> before = store.find(tx.handle(), caller, identity, rule);
            return before.map(it -> {
                Rule after = new Rule(
                        it.id(),
                        it.organization(),
                        it.identity(),
                        it.number(),
                        action.orElse(it.action()),
                        paused.orElse(it.paused()),
                        it.createdAt(),
                        storage.clock().instant());
                store.update(tx, after);
                return after;
            });
        });
    }

    /// Deletes a rule and frees its number; false when the caller sees no such rule.
    public boolean delete(Caller caller, Id identity, Id rule) {
        return storage.database().write(tx -> {
            Optional<Rule> found = store.find(tx.handle(), caller, identity, rule);
            found.ifPresent(it -> store.delete(tx, it));
            return found.isPresent();
        });
    }

    /// Forgets the rules of a deleted identity.
    public void deleteAll(Tx tx, Id identity) {
        store.deleteAll(tx, identity);
    }
}
