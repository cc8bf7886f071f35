package partyline.contacts;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.SystemAccess;
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
/// rules are for. Thread-safe: it holds no state of its own.
public final class Contacts {

    /// Narrows a list; an empty `query` lets everybody through. By name, or else the newest change first.
    public record Filter(String query, Optional<Boolean> confirmed, boolean byName, int limit, int offset) {}

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
        /// An agent may only delete what it wrote down itself.
        NOT_OWN
    }

    /// A part of an address may be in many.
    private static final int MOST_FOUND = 200;

    private final Storage storage;
    private final Identities identities;
    private final SystemAccess access;
    private final Rules rules;
    private final int most;
    private final ContactStore store = new ContactStore();
    private final PermissionStore permissions = new PermissionStore();

    /// With at most `most` contacts in each organization; 0 is no bound.
    public Contacts(Storage storage, Identities identities, SystemAccess access, Rules rules, int most) {
        this.storage = storage;
        this.identities = identities;
        this.access = access;
        this.rules = rules;
        this.most = most;
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
        ContactStore.hiddenWith(tx.handle(), person)
                .forEach((number, blind) -> blind.forEach(identity -> Rules.show(tx, identity, number)));
    }

    /// What the caller sees of the book.
    public List<Contact> list(Caller caller, Filter filter) {
        return storage.database().read(handle -> store.list(handle, caller, filter));
    }

    /// Who has such an address, 200 at most.
    public List<Contact> lookup(Caller caller, Lookup lookup) {
        return storage.database().read(handle -> store.lookup(handle, caller, lookup, MOST_FOUND));
    }

    public Optional<Contact> find(Caller caller, Id id) {
        return storage.database().read(handle -> store.find(handle, caller, id));
    }

    /// Whoever has these numbers.
    public Map<PhoneNumber, Contact> known(Caller caller, Collection<PhoneNumber> numbers) {
        return storage.database().read(handle -> store.known(handle, caller, numbers));
    }

    /// Writes down somebody new.
    public Outcome create(Caller caller, Card card) {
        return create(caller, card, (_, _) -> {});
    }

    /// With more to do in the same write, which undoes it by an exception.
    Outcome create(Caller caller, Card card, BiConsumer<Tx, Id> more) {
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
            store.insert(tx, made, columns);
            more.accept(tx, made.id());
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
        List<ContactAddress> before = store.addresses(tx.handle(), after.id());
        if (!store.replace(tx, after, columns)) {
            return Optional.empty();
        }
        follow(tx, after.id(), before, columns.addresses());
        return Optional.of(new Outcome.Stored(after));
    }

    /// Where a contact is hidden its numbers are too: those that it gets, and no longer those that it loses.
    private void follow(Tx tx, Id contact, List<ContactAddress> before, List<ContactAddress> after) {
        for (Id blind : permissions.blind(tx, contact)) {
            Identity identity = identities.find(tx, access, blind).orElseThrow();
            hide(tx, identity, before, after, false);
            hide(tx, identity, after, before, true);
        }
    }

    private void hide(
            Tx tx, Identity identity, List<ContactAddress> some, List<ContactAddress> others, boolean hidden) {
        some.stream()
                .filter(address -> !others.contains(address))
                .flatMap(address -> address.number().stream())
                .forEach(number -> rules.hide(tx, identity, number, hidden));
    }

    private Optional<Outcome> taken(Tx tx, Caller caller, Contact contact, Card.Columns columns) {
        return store.taken(tx, contact.organization(), columns.addresses(), contact.id())
                .map(it -> new Outcome.Duplicate(
                        it.getKey(),
                        store.deletable(tx.handle(), caller, it.getValue()).map(_ -> it.getValue())));
    }

    /// Takes contacts out of the book, all in one transaction; what became of each, in their order.
    public List<Deletion> delete(Caller caller, List<Id> ids) {
        return storage.database()
                .write(tx -> ids.stream().map(id -> delete(tx, caller, id)).toList());
    }

    private Deletion delete(Tx tx, Caller caller, Id id) {
        Optional<Boolean> deletable = store.deletable(tx.handle(), caller, id);
        if (!deletable.orElse(false)) {
            return deletable.isEmpty() ? Deletion.NOT_FOUND : Deletion.NOT_OWN;
        }
        follow(tx, id, store.addresses(tx.handle(), id), List.of());
        permissions.forgetContact(tx, id);
        store.delete(tx, id);
        return Deletion.DELETED;
    }

    /// Forgets what a deleted identity was shown. What it wrote down stays: the book is the organization's.
    public void forget(Tx tx, Id identity) {
        permissions.forgetIdentity(tx, identity);
    }
}
