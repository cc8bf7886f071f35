package partyline.contacts;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
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
    private final int most;
    private final ContactStore store = new ContactStore();
    private final PermissionStore permissions = new PermissionStore();

    /// With at most `most` contacts in each organization; 0 is no bound.
    public Contacts(Storage storage, int most) {
        this.storage = storage;
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
        return store.replace(tx, after, columns) ? Optional.of(new Outcome.Stored(after)) : Optional.empty();
    }

    private Optional<Outcome> taken(Tx tx, Caller caller, Contact contact, Card.Columns columns) {
        return store.taken(tx, contact.organization(), columns.addresses(), contact.id())
                .map(it -> new Outcome.Duplicate(
                        it.getKey(),
                        store.find(tx.handle(), caller, it.getValue()).map(Contact::id)));
    }

    /// Takes contacts out of the book, all in one transaction; what became of each, in their order.
    public List<Deletion> delete(Caller caller, List<Id> ids) {
        return storage.database()
                .write(tx -> ids.stream().map(id -> delete(tx, caller, id)).toList());
    }

    private Deletion delete(Tx tx, Caller caller, Id id) {
        Optional<Contact> found = store.find(tx.handle(), caller, id);
        if (found.isEmpty()) {
            return Deletion.NOT_FOUND;
        }
        if (!caller.admin() && !found.get().createdBy().equals(caller.identity())) {
            return Deletion.NOT_OWN;
        }
        permissions.forgetContact(tx, id);
        store.delete(tx, id);
        return Deletion.DELETED;
    }

    /// Forgets what a deleted identity was shown. What it wrote down stays: the book is the organization's.
    public void forget(Tx tx, Id identity) {
        permissions.forgetIdentity(tx, identity);
    }
}
