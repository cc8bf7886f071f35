package partyline.contacts;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.kernel.Id;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.Rules;
import tools.jackson.databind.node.ObjectNode;

/// The address books of all organizations.
///
/// A book is its organization's: every agent reads and writes in it, but sees no contact that a permission hides from
/// it. A number or a mail address belongs to one contact of an organization. A contact lets nobody in: that is what
/// rules are for. Thread-safe.
public final class Contacts {

    /// Narrows a list; an empty `query` lets everybody through. By name, or else the newest change first.
    public record Filter(String query, Optional<Boolean> confirmed, boolean byName, int limit, int offset) {}

    /// What was asked for, and whether there is more of it.
    public record Page<T>(List<T> rows, boolean more) {}

    /// What to look for in the addresses of one kind.
    public record Lookup(ContactAddress.Kind kind, How how, String text) {

        /// How an address must match.
        public enum How {
            IS,
            CONTAINS,
            /// It is a mail address at this domain.
            DOMAIN
        }
    }

    /// What became of a wish to write something down.
    public sealed interface Outcome {

        /// It is written.
        record Stored(Contact contact) implements Outcome {}

        /// The address belongs to another contact, which is named if the caller may see it.
        record Duplicate(ContactAddress address, Optional<Id> owner) implements Outcome {}

        /// The organization has as many contacts as it may have.
        record QuotaExceeded() implements Outcome {}

        /// The card would be larger than [Card#LARGEST].
        record TooLarge() implements Outcome {}

        /// The caller sees no such contact.
        record NotFound() implements Outcome {}

        /// The caller sees no such identity, or none any more.
        record NoIdentity() implements Outcome {}

        /// It would hide more than [#MOST_HIDDEN] numbers, counted once for each identity.
        record HiddenTooOften() implements Outcome {}

        /// A permission names what is no address of the contact.
        record ForeignAddress(ContactAddress address) implements Outcome {}

        /// A permission opens something of a contact whose profile is off.
        record ProfileOff() implements Outcome {}

        /// A permission is a rule, and the identity has as many of those as it may have.
        record RulesFull() implements Outcome {}
    }

    /// What became of a wish to delete a contact.
    public enum Deletion {
        DELETED,
        /// The caller sees no such contact.
        NOT_FOUND,
        /// An agent may only delete what it wrote down itself, while no admin has said who may see or reach it.
        NOT_OWN
    }

    /// More to do in the same write, if it is not refused.
    interface More {

        /// Why the contact cannot be made, judged before anything is written.
        Optional<Outcome> refused(Tx tx, Id contact, List<ContactAddress> addresses);

        void then(Tx tx, Id contact, List<ContactAddress> addresses);
    }

    /// How many numbers of one contact may be hidden, counted once for each identity: they change in one write.
    public static final int MOST_HIDDEN = 10_000;

    /// A part of an address may be in many.
    private static final int MOST_FOUND = 200;

    private final Storage storage;
    private final Identities identities;
    private final Rules rules;
    private final int most;
    private final ContactNames names;
    private final ContactStore store = new ContactStore();
    private final PermissionStore permissions = new PermissionStore();

    /// With at most `most` contacts in each organization; 0 is no bound.
    public Contacts(Storage storage, Identities identities, Rules rules, int most) {
        this.storage = storage;
        this.identities = identities;
        this.rules = rules;
        this.most = most;
        this.names = new ContactNames(storage.database());
    }

    /// Who says in events who is in these books.
    public ContactNames names() {
        return names;
    }

    /// The contacts that have the person's number. The whole contact is about them, whatever else it has.
    public static List<PersonalTable> personalTables() {
        String theirs = " IN (SELECT contact_id FROM contact_address WHERE kind = 'phone' AND address = :person)";
        return List.of(
                PersonalTable.deleted("contact_permission", "contact_id" + theirs),
                PersonalTable.deleted("contact_mail_permission", "contact_id" + theirs),
                PersonalTable.deleted("contact", "id" + theirs),
                PersonalTable.deleted("contact_address", "contact_id" + theirs));
    }

    /// Ends what hides the numbers of the contacts that are about to go with a person: nobody could end it later.
    public static void show(Tx tx, PhoneNumber person) {
        ContactStore store = new ContactStore();
        PermissionStore permissions = new PermissionStore();
        for (Id contact : store.having(tx.handle(), person)) {
            Rules.show(tx, permissions.blind(tx, contact), numbers(store.addresses(tx.handle(), contact)));
        }
    }

    /// What the caller sees of the book: fewer than the limit where contacts are large. Each becomes what `to` makes of
    /// it before the next one is read, so that no more than one is in memory.
    public <T> Page<T> list(Caller caller, Filter filter, Function<Contact, T> to) {
        return storage.database().read(handle -> store.list(handle, caller, filter, to));
    }

    /// Who has such an address, 200 at most, and fewer where contacts are large, like [#list].
    public <T> Page<T> lookup(Caller caller, Lookup lookup, Function<Contact, T> to) {
        return storage.database().read(handle -> store.lookup(handle, caller, lookup, MOST_FOUND, to));
    }

    public Optional<Contact> find(Caller caller, Id id) {
        return storage.database().read(handle -> store.find(handle, caller, id));
    }

    /// Whoever has these numbers: their names, without notes, dates and lists.
    public Map<PhoneNumber, Contact> known(Caller caller, Collection<PhoneNumber> numbers) {
        return storage.database().read(handle -> store.known(handle, caller, numbers));
    }

    /// The numbers of those in whom `query` is found, of 200 contacts at most.
    public List<PhoneNumber> numbers(Caller caller, String query) {
        return storage.database().read(handle -> store.numbers(handle, caller, query, MOST_FOUND));
    }

    /// Writes down somebody new.
    public Outcome create(Caller caller, Card card) {
        return create(caller, card, Optional.empty());
    }

    Outcome create(Caller caller, Card card, Optional<More> more) {
        if (card.size() > Card.LARGEST) {
            return new Outcome.TooLarge();
        }
        Instant now = storage.clock().instant();
        Contact made = new Contact(
                storage.ids().next(),
                caller.organization(),
                card,
                new Contact.Review(true, Optional.empty()),
                caller.identity(),
                1,
                now,
                now);
        Card.Columns columns = card.columns();
        return storage.database().write(tx -> {
            Optional<Outcome> taken = taken(tx, caller, made, columns);
            if (taken.isPresent()) {
                return taken.get();
            }
            if (most > 0 && store.count(tx, caller.organization()) >= most) {
                return new Outcome.QuotaExceeded();
            }
            Optional<Outcome> refused = more.flatMap(it -> it.refused(tx, made.id(), columns.addresses()));
            if (refused.isPresent()) {
                return refused.get();
            }
            store.insert(tx, made, columns);
            more.ifPresent(it -> it.then(tx, made.id(), columns.addresses()));
            tx.afterCommit(() -> names.begun(caller.organization()));
            return new Outcome.Stored(made);
        });
    }

    /// Changes what `changes` names, null takes away. Cards are read and written outside the writer's turn, so whoever
    /// was overtaken by another change begins again with that.
    public Outcome update(Caller caller, Id id, ObjectNode changes, Optional<Boolean> confirmed) {
        while (true) {
            Optional<Contact> before = find(caller, id);
            if (before.isEmpty()) {
                return new Outcome.NotFound();
            }
            Instant now = storage.clock().instant();
            Contact.Review review = confirmed
                    .map(it -> new Contact.Review(it, it ? Optional.of(now) : Optional.empty()))
                    .orElse(before.get().review());
            Contact after = before.get().with(before.get().card().with(changes), review, now);
            if (after.card().size() > Card.LARGEST) {
                return new Outcome.TooLarge();
            }
            Card.Columns columns = after.card().columns();
            Optional<Outcome> done = storage.database().write(tx -> replace(tx, caller, after, columns));
            if (done.isPresent()) {
                return done.get();
            }
        }
    }

    private Optional<Outcome> replace(Tx tx, Caller caller, Contact after, Card.Columns columns) {
        Optional<Outcome> taken = taken(tx, caller, after, columns);
        if (taken.isPresent()) {
            return taken;
        }
        List<PhoneNumber> before = numbers(store.addresses(tx.handle(), after.id()));
        List<PhoneNumber> numbers = numbers(columns.addresses());
        List<PhoneNumber> gained = without(numbers, before);
        List<Id> blind = blind(tx, after.id());
        if (!gained.isEmpty() && blind.size() * numbers.size() > MOST_HIDDEN) {
            return Optional.of(new Outcome.HiddenTooOften());
        }
        if (!store.replace(tx, after, columns)) {
            return Optional.empty();
        }
        // Where a contact is hidden its numbers are too: those that it gets, and no longer those that it loses.
        Rules.show(tx, blind, without(before, numbers));
        rules.hide(tx, after.organization(), blind, gained);
        return Optional.of(new Outcome.Stored(after));
    }

    /// The identities that a contact is hidden from. What was said of one that is gone is forgotten.
    private List<Id> blind(Tx tx, Id contact) {
        Map<Boolean, List<Id>> blind = permissions.blind(tx, contact).stream()
                .collect(Collectors.partitioningBy(id -> identities.find(tx, id).isPresent()));
        blind.getOrDefault(false, List.of()).forEach(gone -> forget(tx, gone));
        return blind.getOrDefault(true, List.of());
    }

    static List<PhoneNumber> numbers(List<ContactAddress> addresses) {
        return addresses.stream().flatMap(address -> address.number().stream()).toList();
    }

    private static List<PhoneNumber> without(List<PhoneNumber> some, List<PhoneNumber> others) {
        return some.stream().filter(number -> !others.contains(number)).toList();
    }

    private Optional<Outcome> taken(Tx tx, Caller caller, Contact contact, Card.Columns columns) {
        return store.taken(tx, contact.organization(), columns.addresses(), contact.id())
                .map(it -> new Outcome.Duplicate(
                        it.getKey(),
                        store.deletable(tx.handle(), caller, it.getValue()).map(_ -> it.getValue())));
    }

    /// Takes a contact out of the book, and ends what hides its numbers.
    public Deletion delete(Caller caller, Id id) {
        return storage.database().write(tx -> delete(tx, caller, id));
    }

    private Deletion delete(Tx tx, Caller caller, Id id) {
        Optional<Boolean> deletable = store.deletable(tx.handle(), caller, id);
        if (!deletable.orElse(false)) {
            return deletable.isEmpty() ? Deletion.NOT_FOUND : Deletion.NOT_OWN;
        }
        Rules.show(tx, permissions.blind(tx, id), numbers(store.addresses(tx.handle(), id)));
        permissions.forgetContact(tx, id);
        store.delete(tx, id);
        return Deletion.DELETED;
    }

    /// Forgets what a deleted identity was shown. What it wrote down stays: the book is the organization's.
    public void forget(Tx tx, Id identity) {
        permissions.forgetIdentity(tx, identity);
    }
}
