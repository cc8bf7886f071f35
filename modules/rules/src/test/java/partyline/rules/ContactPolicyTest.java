package partyline.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.Profile;
import partyline.identities.Organizations;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.rules.ContactPolicy.Decision;
import partyline.testkit.FakeClock;

/// Who is there to be reached at all; what rules say of it is in [ContactRulesTest].
class ContactPolicyTest {

    private static final PhoneNumber SAM = new PhoneNumber("+12025550140");

    @TempDir
    private Path folder;

    private Database database;
    private Identities identities;
    private Rules rules;
    private ContactPolicy policy;
    private Caller admin;
    private Caller stranger;

    @BeforeEach
    void begin() {
        FakeClock clock = new FakeClock();
        Ids ids = new Ids(clock);
        database = Database.open(folder.resolve("test.db"));
        identities = new Identities(database, ids, clock);
        rules = new Rules(new Storage(database, new Journal(ids, clock), ids, clock), 0);
        policy = new ContactPolicy(identities);
        admin = admin(clock, "acme");
        stranger = admin(clock, "other");
    }

    @AfterEach
    void end() {
        database.close();
    }

    @Test
    void an_identity_that_is_switched_off_hears_from_nobody_and_is_told_apart_from_one_that_blocks() {
        Identity off = agent("off", false);
        rules.create(off, SAM, Direction.BOTH, Rule.Action.BLOCK);

        assertThat(decide(admin, off.id(), Direction.INBOUND)).isEqualTo(new Decision.Disabled(off));
        assertThat(allows(off.id())).isFalse();
    }

    @Test
    void an_identity_that_the_caller_does_not_see_is_unknown_whatever_its_rules_say() {
        Identity echo = agent("echo", true);
        Caller another = new Caller(
                admin.organization(), Optional.of(agent("another", true).id()), false, "ApiKey_of_another");

        assertThat(decide(stranger, echo.id(), Direction.OUTBOUND)).isEqualTo(new Decision.Unknown());
        assertThat(decide(another, echo.id(), Direction.OUTBOUND)).isEqualTo(new Decision.Unknown());
        assertThat(decide(admin, echo.id(), Direction.OUTBOUND))
                .isEqualTo(new Decision.Allowed(echo, Optional.empty()));
    }

    @Test
    void a_deleted_identity_reaches_nobody_any_more() {
        Identity echo = agent("echo", true);
        assertThat(allows(echo.id())).isTrue();

        database.update(tx -> identities.delete(tx, echo));

        assertThat(allows(echo.id())).isFalse();
    }

    @Test
    void a_person_reaches_a_handle_only_where_both_ways_are_open_and_learns_nothing_of_why_not() {
        Identity open = agent("open", true);
        Identity mute = agent("mute", true);
        agent("off", false);
        rules.create(mute, SAM, Direction.OUTBOUND, Rule.Action.BLOCK);

        assertThat(reachable("open")).contains(open);
        assertThat(reachable("mute")).isEmpty();
        assertThat(reachable("off")).isEmpty();
        assertThat(reachable("nobody-there")).isEmpty();
    }

    private Optional<Identity> reachable(String handle) {
        return database.write(tx -> policy.reachable(tx, new Handle(handle), SAM));
    }

    private boolean allows(Id identity) {
        return database.write(tx -> policy.allows(tx, identity, SAM, Direction.INBOUND));
    }

    private Decision decide(Caller caller, Id identity, Direction direction) {
        return database.read(reader -> policy.decide(reader, caller, identity, SAM, direction));
    }

    private Identity agent(String handle, boolean enabled) {
        identities.create(admin, new Handle(handle), new Profile(null, null), enabled, FilterModes.DEFAULT);
        return identities.find(admin, new Handle(handle)).orElseThrow();
    }

    private Caller admin(FakeClock clock, String name) {
        return database.write(tx -> new Caller(
                new Organizations(database, clock).create(tx, name).id(),
                Optional.empty(),
                false,
                "ApiKey_of_an_admin"));
    }
}
