package partyline.contacts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.contacts.Contacts.Outcome;
import partyline.contacts.PermissionStore.Seen;
import partyline.contacts.Permissions.Sides;
import partyline.identities.Caller;
import partyline.identities.Identities;
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

    private static final Sides OPEN = new Sides(true, true);
    private static final Sides CLOSED = new Sides(false, false);

    private final Storage storage;
    private final Identities identities;
    private final Contacts contacts;
    private final Rules rules;
    private final ContactStore book = new ContactStore();
    private final PermissionStore store = new PermissionStore();

    public ContactPermissions(Storage storage, Identities identities, Contacts contacts, Rules rules) {
        this.storage = storage;
        this.identities = identities;
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
        Wanted wanted = new Wanted(caller, identity, change);
        return storage.database().write(tx -> {
            if (!book.has(tx, caller.organization(), contact)) {
                return Optional.of(new Outcome.NotFound());
            }
            List<ContactAddress> addresses = book.addresses(tx.handle(), contact);
            Optional<Outcome> refused = wanted.refused(tx, contact, addresses);
            if (refused.isEmpty()) {
                wanted.then(tx, contact, addresses);
            }
            return refused;
        });
    }

    /// Writes down somebody new with permissions: both or nothing.
    public Outcome create(Caller caller, Card card, Identity identity, PermissionChange change) {
        return contacts.create(caller, card, Optional.of(new Wanted(caller, identity, change)));
    }

    /// A change that is wished for: judged whole, so that a refusal has nothing to undo.
    private final class Wanted implements Contacts.More {

        private final Caller caller;
        private final Identity identity;
        private final PermissionChange change;

        Wanted(Caller caller, Identity identity, PermissionChange change) {
            this.caller = caller;
            this.identity = identity;
            this.change = change;
        }

        @Override
        public Optional<Outcome> refused(Tx tx, Id contact, List<ContactAddress> addresses) {
            // It was there when the request was read.
            if (identities.find(tx, caller, identity.id()).isEmpty()) {
                return Optional.of(new Outcome.NoIdentity());
            }
            Optional<ContactAddress> foreign = change.foreign(addresses);
            if (foreign.isPresent()) {
                return Optional.of(new Outcome.ForeignAddress(foreign.get()));
            }
            Seen before = store.seen(tx.handle(), identity.id(), contact);
            Seen after = after(before);
            if (!after.profile() && change.opens()) {
                return Optional.of(new Outcome.ProfileOff());
            }
            List<PhoneNumber> numbers = Contacts.numbers(addresses);
            if (before.profile()
                    && !after.profile()
                    && (store.blind(tx, contact).size() + 1) * numbers.size() > Contacts.MOST_HIDDEN) {
                return Optional.of(new Outcome.HiddenTooOften());
            }
            List<ContactAddress> chosen = addresses.stream()
                    .filter(address -> change.wishes().stream()
                            .anyMatch(wish -> wish.of(address).isPresent()))
                    .toList();
            return rules.hasRoom(tx, identity.id(), Contacts.numbers(chosen))
                    ? Optional.empty()
                    : Optional.of(new Outcome.RulesFull());
        }

        @Override
        public void then(Tx tx, Id contact, List<ContactAddress> addresses) {
            for (PermissionChange.Wish wish : change.wishes()) {
                for (ContactAddress address : addresses) {
                    wish.of(address).ifPresent(open -> choose(tx, contact, address, wish.side(), open));
                }
            }
            Seen before = store.seen(tx.handle(), identity.id(), contact);
            Seen after = after(before);
            store.save(tx, identity.id(), contact, after);
            List<PhoneNumber> numbers = Contacts.numbers(addresses);
            if (before.profile() && !after.profile()) {
                rules.hide(tx, identity.organization(), List.of(identity.id()), numbers);
            } else if (after.profile() && !before.profile()) {
                Rules.show(tx, List.of(identity.id()), numbers);
            }
        }

        private Seen after(Seen before) {
            return new Seen(
                    change.profile().orElse(before.profile()), change.memories().orElse(before.memories()));
        }

        private void choose(Tx tx, Id contact, ContactAddress address, Direction side, boolean open) {
            Rule.Action action = open ? Rule.Action.ALLOW : Rule.Action.BLOCK;
            address.number()
                    .ifPresentOrElse(
                            number -> rules.choose(tx, identity, number, side, Optional.of(action)),
                            () -> store.chooseMail(tx, identity.id(), contact, address.text(), side, open));
        }
    }

    private Permissions permissions(Handle handle, Identity identity, Contact contact) {
        Seen seen = store.seen(handle, identity.id(), contact.id());
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
