package partyline.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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

    private static final PermissionChange HIDDEN =
            new PermissionChange(Optional.of(false), Optional.empty(), false, List.of());

    @TempDir
    Path folder;

    private Database database;
    private Caller admin;
    private Contacts contacts;
    private Rules rules;
    private ContactPermissions permissions;
    private Identities identities;
    private Identity identity;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("partyline.db"));
        InstantSource clock = InstantSource.system();
        Ids ids = Ids.after(database, clock);
        Storage storage = new Storage(database, new Journal(ids, clock), ids, clock);
        identities = new Identities(database, ids, clock);
        Organization organization = database.write(tx -> new Organizations(database, clock).create(tx, "Acme"));
        admin = new Caller(organization.id(), Optional.empty(), false, "key");
        rules = new Rules(storage, 1);
        contacts = new Contacts(storage, identities, rules, 0);
        permissions = new ContactPermissions(storage, identities, contacts, rules);
        identity = agent("echo");
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
        assertThat(contacts.list(admin, new Contacts.Filter("", Optional.empty(), true, 10, 0), it -> it)
                        .rows())
                .isEmpty();
        assertThat(rules.list(admin, new Rules.Filter(Optional.empty(), Optional.empty(), Optional.empty(), 10, 0)))
                .isEmpty();
        assertThat(permissions.create(admin, card(FIRST, SECOND), identity, closing(Map.of(FIRST.text(), false))))
                .isInstanceOf(Contacts.Outcome.Stored.class);
    }

    @Test
    void a_change_that_is_refused_in_part_does_nothing_of_it() {
        Contact made = made(card(FIRST, SECOND));
        PermissionChange tooMany = new PermissionChange(
                Optional.of(false),
                Optional.of(false),
                false,
                closing(Map.of(FIRST.text(), false, SECOND.text(), false)).wishes());

        assertThat(permissions.change(admin, identity, made.id(), tooMany)).contains(new Contacts.Outcome.RulesFull());
        assertThat(permissions.change(admin, identity, made.id(), closing(Map.of("+12025550149", false))))
                .containsInstanceOf(Contacts.Outcome.ForeignAddress.class);

        assertThat(permissions.find(admin, identity, made.id()).orElseThrow().memories())
                .isTrue();
        assertThat(hidden(FIRST)).isFalse();
        assertThat(rows("contact_rule")).isZero();
    }

    @Test
    void nothing_is_said_of_an_identity_that_is_gone_by_the_time_it_is_written() {
        Contact made = made(card(FIRST));
        database.update(tx -> identities.delete(tx, identity));

        assertThat(permissions.change(admin, identity, made.id(), HIDDEN)).contains(new Contacts.Outcome.NoIdentity());
        assertThat(permissions.create(admin, card(SECOND), identity, HIDDEN))
                .isEqualTo(new Contacts.Outcome.NoIdentity());

        assertThat(rows("contact_permission")).isZero();
        assertThat(rows("contact_rule")).isZero();
        assertThat(rows("contact")).isOne();
    }

    @Test
    void a_contact_that_was_hidden_from_an_identity_that_is_gone_can_be_changed_and_deleted() {
        Contact made = made(card(FIRST));
        Contact other = made(card(SECOND));
        assertThat(permissions.change(admin, identity, made.id(), HIDDEN)).isEmpty();
        assertThat(permissions.change(admin, identity, other.id(), HIDDEN)).isEmpty();
        database.update(tx -> identities.delete(tx, identity));

        assertThat(contacts.delete(admin, other.id())).isEqualTo(Contacts.Deletion.DELETED);
        assertThat(contacts.update(admin, made.id(), card(SECOND).fields(), Optional.empty()))
                .isInstanceOf(Contacts.Outcome.Stored.class);

        assertThat(rows("contact_permission")).isZero();
        assertThat(hidden(SECOND)).isFalse();
    }

    @Test
    void the_numbers_of_a_contact_are_hidden_so_often_and_no_more_and_all_are_shown_with_its_end() {
        Contact large = made(card(numbers(50)));
        Contact empty = made(Card.EMPTY);
        for (int at = 0; at < 200; at++) {
            Identity agent = agent("agent-" + at);
            assertThat(permissions.change(admin, agent, large.id(), HIDDEN)).isEmpty();
            assertThat(permissions.change(admin, agent, empty.id(), HIDDEN)).isEmpty();
        }
        assertThat(rows("contact_rule")).isEqualTo(Contacts.MOST_HIDDEN);

        assertThat(permissions.change(admin, identity, large.id(), HIDDEN))
                .contains(new Contacts.Outcome.HiddenTooOften());
        assertThat(contacts.delete(admin, large.id())).isEqualTo(Contacts.Deletion.DELETED);

        assertThat(rows("contact_rule")).isZero();
        assertThat(permissions.change(admin, identity, empty.id(), HIDDEN)).isEmpty();
        assertThat(contacts.update(admin, empty.id(), card(numbers(50)).fields(), Optional.empty()))
                .isEqualTo(new Contacts.Outcome.HiddenTooOften());
        assertThat(contacts.update(admin, empty.id(), card(numbers(49)).fields(), Optional.empty()))
                .isInstanceOf(Contacts.Outcome.Stored.class);
        assertThat(rows("contact_rule")).isEqualTo(49 * 201);
    }

    @Test
    void a_person_who_is_erased_leaves_no_other_number_hidden() {
        permissions.create(admin, card(FIRST, SECOND), identity, HIDDEN);
        assertThat(hidden(SECOND)).isTrue();

        database.update(tx -> {
            Contacts.show(tx, FIRST);
            Contacts.personalTables().forEach(table -> table.erase(tx, FIRST));
        });

        assertThat(hidden(SECOND)).isFalse();
        assertThat(contacts.known(admin, List.of(FIRST, SECOND))).isEmpty();
    }

    private Identity agent(String name) {
        Handle handle = Handle.parse(name).orElseThrow();
        return ((Identities.Outcome.Stored) identities.create(admin, handle, new Identity.Profile(null, null), true))
                .identity();
    }

    private Contact made(Card card) {
        return ((Contacts.Outcome.Stored) contacts.create(admin, card)).contact();
    }

    private int rows(String table) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM " + table)
                .mapTo(Integer.class)
                .one());
    }

    private static PhoneNumber[] numbers(int count) {
        return IntStream.range(0, count)
                .mapToObj(at -> new PhoneNumber("+120255502" + (10 + at)))
                .toArray(PhoneNumber[]::new);
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
