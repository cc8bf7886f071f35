package partyline.contacts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.contacts.Contacts.Outcome;
import partyline.contacts.Permissions.Sides;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.Choices;
import partyline.rules.Direction;
import partyline.rules.Rule;
import partyline.rules.Rules;

/// What each agent may see of each contact, and which of its addresses it may reach and be reached from.
///
/// What is said of a number is a rule of the identity like any other, so both always agree, and it stays when the
/// contact goes. A contact whose profile is off does not exist for the agent, and its numbers are hidden from it:
/// denied both ways, whatever the rules say. Thread-safe: it holds no state of its own.
public final class ContactPermissions {

    /// Undoes a write whose wish is refused.
    private static final class Undone extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Outcome why;

        Undone(Outcome why) {
            super("refused", null, false, false);
            this.why = why;
        }
    }

    private static final Sides OPEN = new Sides(true, true);
    private static final Sides CLOSED = new Sides(false, false);

    private final Storage storage;
    private final Contacts contacts;
    private final Rules rules;
    private final ContactStore book = new ContactStore();
    private final PermissionStore store = new PermissionStore();

    public ContactPermissions(Storage storage, Contacts contacts, Rules rules) {
        this.storage = storage;
        this.contacts = contacts;
        this.rules = rules;
    }

    /// The permissions of an identity that the caller was allowed to see; empty when the caller sees no such contact.
    public Optional<Permissions> find(Caller caller, Identity identity, Id contact) {
        return storage.database()
                .read(handle -> book.find(handle, caller, contact).map(found -> permissions(handle, identity, found)));
    }

    /// Changes permissions: all of it or, when anything is refused, nothing. Empty when it is done.
    public Optional<Outcome> change(Caller caller, Identity identity, Id contact, PermissionChange change) {
        try {
            storage.database().update(tx -> {
                if (!book.has(tx, caller.organization(), contact)) {
                    throw new Undone(new Outcome.NotFound());
                }
                apply(tx, identity, contact, change);
            });
            return Optional.empty();
        } catch (Undone undone) {
            return Optional.of(undone.why);
        }
    }

    /// Writes down somebody new with permissions: both or nothing.
    public Outcome create(Caller caller, Card card, Identity identity, PermissionChange change) {
        try {
            return contacts.create(caller, card, (tx, made) -> apply(tx, identity, made, change));
        } catch (Undone undone) {
            return undone.why;
        }
    }

    private void apply(Tx tx, Identity identity, Id contact, PermissionChange change) {
        List<ContactAddress> addresses = book.addresses(tx.handle(), contact);
        change.foreign(addresses).ifPresent(address -> {
            throw new Undone(new Outcome.ForeignAddress(address));
        });
        PermissionStore.Seen before = store.seen(tx.handle(), identity.id(), contact);
        PermissionStore.Seen after = new PermissionStore.Seen(
                change.profile().orElse(before.profile()), change.memories().orElse(before.memories()));
        if (!after.profile() && change.opens()) {
            throw new Undone(new Outcome.ProfileOff());
        }
        for (PermissionChange.Wish wish : change.wishes()) {
            for (ContactAddress address : addresses) {
                wish.of(address).ifPresent(open -> choose(tx, identity, contact, address, wish.side(), open));
            }
        }
        store.save(tx, identity.id(), contact, after);
        if (after.profile() != before.profile()) {
            addresses.stream()
                    .flatMap(address -> address.number().stream())
                    .forEach(number -> rules.hide(tx, identity, number, !after.profile()));
        }
    }

    private void choose(Tx tx, Identity identity, Id contact, ContactAddress address, Direction side, boolean open) {
        Optional<PhoneNumber> number = address.number();
        if (number.isEmpty()) {
            store.chooseMail(tx, identity.id(), contact, address.text(), side, open);
            return;
        }
        Rule.Action action = open ? Rule.Action.ALLOW : Rule.Action.BLOCK;
        if (!rules.choose(tx, identity, number.get(), side, Optional.of(action))) {
            throw new Undone(new Outcome.RulesFull());
        }
    }

    private Permissions permissions(Handle handle, Identity identity, Contact contact) {
        PermissionStore.Seen seen = store.seen(handle, identity.id(), contact.id());
        Map<String, Sides> mail = store.mail(handle, identity.id(), contact.id());
        Map<ContactAddress, Sides> addresses = new LinkedHashMap<>();
        for (ContactAddress address : contact.card().addresses()) {
            Sides chosen = address.number()
                    .map(number -> sides(handle, identity, number))
                    .orElseGet(() -> mail.getOrDefault(address.text(), OPEN));
            addresses.put(address, seen.profile() ? chosen : CLOSED);
        }
        return new Permissions(seen.profile(), seen.profile() && seen.memories(), addresses);
    }

    private Sides sides(Handle handle, Identity identity, PhoneNumber number) {
        Choices choices = rules.choices(handle, identity.id(), number);
        return new Sides(choices.permits(identity, Direction.INBOUND), choices.permits(identity, Direction.OUTBOUND));
    }
}
