package partyline.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.contacts.ContactAddress.Kind;
import partyline.contacts.PermissionChange.Wish;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.Organization;
import partyline.identities.Organizations;
import partyline.identities.SystemAccess;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.rules.Direction;
import partyline.rules.Rules;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Permissions on a real database file, for an identity that may have one rule.
class PermissionsTest {

    private static final PhoneNumber FIRST = new PhoneNumber("+12025550140");
    private static final PhoneNumber SECOND = new PhoneNumber("+12025550141");

    @TempDir
    Path folder;

    private Database database;
    private Caller admin;
    private Contacts contacts;
    private Rules rules;
    private ContactPermissions permissions;
    private Identity identity;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("partyline.db"));
        InstantSource clock = InstantSource.system();
        Ids ids = Ids.after(database.newestId(), clock);
        Storage storage = new Storage(database, new Journal(ids, clock), ids, clock);
        Identities identities = new Identities(database, ids, clock);
        Organization organization = database.write(tx -> new Organizations(database, clock).create(tx, "Acme"));
        admin = new Caller(organization.id(), Optional.empty(), false, "key");
        rules = new Rules(storage, 1);
        contacts = new Contacts(storage, identities, new SystemAccess(), rules, 0);
        permissions = new ContactPermissions(storage, contacts, rules);
        Handle handle = Handle.parse("echo").orElseThrow();
        identity = ((Identities.Outcome.Stored)
                        identities.create(admin, handle, new Identity.Profile(null, null), true))
                .identity();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void nobody_is_written_down_when_there_is_no_room_for_the_rules_of_its_permissions() {
        PermissionChange both = closing(Map.of(FIRST.text(), false, SECOND.text(), false));

        assertThat(permissions.create(admin, card(FIRST, SECOND), identity, both))
                .isEqualTo(new Contacts.Outcome.RulesFull());
        assertThat(contacts.list(admin, new Contacts.Filter("", Optional.empty(), true, 10, 0)))
                .isEmpty();
        assertThat(rules.list(admin, new Rules.Filter(Optional.empty(), Optional.empty(), Optional.empty(), 10, 0)))
                .isEmpty();
        assertThat(permissions.create(admin, card(FIRST, SECOND), identity, closing(Map.of(FIRST.text(), false))))
                .isInstanceOf(Contacts.Outcome.Stored.class);
    }

    @Test
    void a_person_who_is_erased_leaves_no_other_number_hidden() {
        PermissionChange hidden = new PermissionChange(Optional.of(false), Optional.empty(), false, List.of());
        permissions.create(admin, card(FIRST, SECOND), identity, hidden);
        assertThat(hidden(SECOND)).isTrue();

        database.update(tx -> {
            Contacts.show(tx, FIRST);
            Contacts.personalTables().forEach(table -> table.erase(tx, FIRST));
        });

        assertThat(hidden(SECOND)).isFalse();
        assertThat(contacts.known(admin, List.of(FIRST, SECOND))).isEmpty();
    }

    private boolean hidden(PhoneNumber number) {
        return database.read(
                handle -> rules.choices(handle, identity.id(), number).hidden());
    }

    private static PermissionChange closing(Map<String, Boolean> numbers) {
        return new PermissionChange(
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(new Wish(Kind.PHONE, Direction.INBOUND, numbers, false)));
    }

    private static Card card(PhoneNumber... numbers) {
        ObjectNode fields = Json.object();
        ArrayNode phones = fields.putArray("phones");
        for (PhoneNumber number : numbers) {
            phones.addObject().put("value_e164", number.text());
        }
        return Card.EMPTY.with(fields);
    }
}
