package partyline.identities;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.identities.Identities.Outcome;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.FilterModes.Channel;
import partyline.identities.Identity.Profile;
import partyline.kernel.Tx;
import partyline.testkit.FakeClock;

class IdentitiesTest {

    private static final Profile NOBODY = new Profile(null, null);

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private Server server;
    private Organization organization;
    private Caller admin;
    private Caller stranger;
    private Identity echo;
    private Identity other;
    private Caller echoItself;

    @BeforeEach
    void open() {
        server = Server.open(folder, clock);
        organization = server.organization("first");
        admin = Server.admin(organization);
        stranger = Server.admin(server.organization("second"));
        echo = server.identity(admin, "echo");
        other = server.identity(admin, "other");
        echoItself = Server.scoped(organization, echo.id());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void the_first_organization_is_the_operators_and_no_other() {
        Organization third = server.organization("third");

        assertThat(organization.operator()).isTrue();
        assertThat(third.operator()).isFalse();
        assertThat(server.organizations().operator()).contains(organization);
    }

    @Test
    void an_identity_is_stored_as_it_was_told() {
        Profile profile = new Profile("Écho 🤖", "");
        Identity made = stored(server.identities().create(admin, new Handle("third"), profile, false));

        assertThat(server.identities().find(admin, made.id())).contains(made);
        assertThat(made.profile()).isEqualTo(profile);
        assertThat(made.enabled()).isFalse();
        assertThat(made.filterModes()).isEqualTo(FilterModes.DEFAULT);
        assertThat(made.shownName()).isEqualTo("Écho 🤖");
        assertThat(echo.shownName()).isEqualTo("echo");
    }

    @Test
    void events_call_an_identity_by_its_handle_and_a_deleted_one_by_its_last() {
        assertThat(called(echo)).isEqualTo("echo");

        Identity parrot = stored(rename(admin, echo, new Handle("parrot")));
        assertThat(called(echo)).isEqualTo("parrot");

        server.delete(parrot);
        assertThat(called(echo)).isEqualTo("parrot");
    }

    @Test
    void an_admin_sees_its_organization_and_an_agent_itself() {
        assertThat(server.identities().list(admin, 10, 0)).containsExactly(other, echo);
        assertThat(server.identities().list(echoItself, 10, 0)).containsExactly(echo);
        assertThat(server.identities().find(echoItself, echo.id())).contains(echo);
        assertThat(server.identities().find(echoItself, echo.handle())).contains(echo);
    }

    @Test
    void the_identities_of_another_organization_do_not_exist() {
        unseen(stranger, echo);
        unseen(Server.scoped(server.organization("third"), echo.id()), echo);
        assertThat(server.identities().list(stranger, 10, 0)).isEmpty();
    }

    @Test
    void to_an_agent_the_other_identities_do_not_exist() {
        unseen(echoItself, other);
    }

    @Test
    void a_list_is_cut_into_pages_newest_first() {
        List<Identity> more = IntStream.range(0, 5)
                .mapToObj(i -> server.identity(admin, "more-" + i))
                .toList();

        assertThat(server.identities().list(admin, 3, 0)).containsExactly(more.get(4), more.get(3), more.get(2));
        assertThat(server.identities().list(admin, 3, 5)).containsExactly(other, echo);
        assertThat(server.identities().list(admin, 3, 7)).isEmpty();
    }

    @Test
    void a_handle_is_unique_over_all_organizations() {
        assertThat(server.identities().create(stranger, new Handle("echo"), NOBODY, true))
                .isInstanceOf(Outcome.HandleTaken.class);
        assertThat(server.identities().create(admin, new Handle("echo"), NOBODY, true))
                .isInstanceOf(Outcome.HandleTaken.class);

        assertThat(server.identities().list(stranger, 10, 0)).isEmpty();
    }

    @Test
    void of_many_who_want_one_handle_at_once_one_gets_it() throws InterruptedException {
        ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

        List<Thread> creators = IntStream.range(0, 40)
                .mapToObj(i -> Thread.startVirtualThread(() -> outcomes.add(
                        server.identities().create(i % 2 == 0 ? admin : stranger, new Handle("wanted"), NOBODY, true))))
                .toList();
        for (Thread creator : creators) {
            creator.join();
        }

        assertThat(outcomes).hasSize(40);
        assertThat(outcomes).filteredOn(it -> it instanceof Outcome.Stored).hasSize(1);
    }

    @Test
    void a_deleted_identity_is_gone_and_its_handle_is_kept_for_its_organization_for_half_a_year() {
        server.delete(echo);

        unseen(admin, echo);
        unseen(echoItself, echo);
        assertThat(server.identities().list(admin, 10, 0)).containsExactly(other);
        clock.advance(Duration.ofDays(180).minusMillis(1));
        assertThat(server.identities().create(stranger, echo.handle(), NOBODY, true))
                .isInstanceOf(Outcome.HandleTaken.class);
        clock.advance(Duration.ofMillis(1));
        Identity next = server.identity(stranger, "echo");
        assertThat(next.id()).isNotEqualTo(echo.id());
        assertThat(server.identities().find(stranger, echo.handle())).contains(next);
        unseen(admin, next);
    }

    @Test
    void a_handle_that_was_given_up_for_another_is_kept_for_its_organization() {
        Identity foreign = server.identity(stranger, "foreign");
        stored(rename(admin, echo, new Handle("renamed")));

        assertThat(server.identities().create(stranger, echo.handle(), NOBODY, true))
                .isInstanceOf(Outcome.HandleTaken.class);
        assertThat(rename(stranger, foreign, echo.handle())).isInstanceOf(Outcome.HandleTaken.class);
        assertThat(server.identities().create(admin, echo.handle(), NOBODY, true))
                .isInstanceOf(Outcome.Stored.class);
    }

    @Test
    void a_shown_name_is_one_line_of_sixty_characters_whatever_an_old_row_holds() {
        assertThat(named("Bank\r\nTEL:+1\u0085x\u2028y\u202Ez").shownName()).isEqualTo("Bank  TEL:+1 x y z");
        assertThat(named("x".repeat(60)).shownName()).isEqualTo("x".repeat(60));
        assertThat(named("\uD83E\uDD16".repeat(61)).shownName()).isEqualTo("\uD83E\uDD16".repeat(59) + "…");
        assertThat(named("\u2066\n").shownName()).isEqualTo("echo");
        assertThat(Identity.isName("\uD83D\uDC68\u200D\uD83D\uDC69 Écho")).isTrue();
    }

    private Identity named(String name) {
        return echo.with(echo.handle(), new Profile(name, null), true, echo.filterModes());
    }

    @Test
    void a_handle_may_be_given_away_and_taken_twice() {
        for (int i = 0; i < 3; i++) {
            server.delete(server.identity(admin, "again"));
        }

        assertThat(server.identities().find(admin, new Handle("again"))).isEmpty();
    }

    @Test
    void an_update_changes_what_it_may_and_tells_when() {
        clock.advance(Duration.ofMinutes(1));
        FilterModes modes = new FilterModes(
                new Channel(FilterMode.WHITELIST, FilterMode.BLACKLIST, FilterMode.BLACKLIST),
                new Channel(FilterMode.BLACKLIST, FilterMode.WHITELIST, FilterMode.WHITELIST));
        Profile profile = new Profile("Me", null, false);

        Identity after = stored(server.identities()
                .update(echoItself, echo.handle(), it -> it.with(new Handle("renamed"), profile, false, modes)));

        assertThat(after.id()).isEqualTo(echo.id());
        assertThat(after.handle()).isEqualTo(new Handle("renamed"));
        assertThat(after.enabled()).isFalse();
        assertThat(after.filterModes()).isEqualTo(modes);
        assertThat(after.profile()).isEqualTo(profile);
        assertThat(after.createdAt()).isEqualTo(echo.createdAt());
        assertThat(after.updatedAt()).isEqualTo(clock.instant());
        assertThat(server.identities().find(admin, new Handle("renamed"))).contains(after);
        assertThat(server.identities().find(admin, echo.handle())).isEmpty();
    }

    @Test
    void the_mode_for_both_ways_is_theirs_where_they_agree_and_else_the_one_set_last_for_both() {
        Channel both = Channel.both(FilterMode.WHITELIST);
        Channel apart = new Channel(FilterMode.BLACKLIST, both.outbound(), both.baseline());
        Channel again = new Channel(apart.inbound(), FilterMode.BLACKLIST, apart.baseline());

        assertThat(both.shared()).isEqualTo(FilterMode.WHITELIST);
        assertThat(apart.shared()).isEqualTo(FilterMode.WHITELIST);
        assertThat(again.shared()).isEqualTo(FilterMode.BLACKLIST);
    }

    @Test
    void an_update_may_not_take_a_handle_that_somebody_has() {
        Identity foreign = server.identity(stranger, "foreign");

        assertThat(rename(admin, echo, other.handle())).isInstanceOf(Outcome.HandleTaken.class);
        assertThat(rename(admin, echo, foreign.handle())).isInstanceOf(Outcome.HandleTaken.class);
        assertThat(rename(admin, echo, echo.handle())).isInstanceOf(Outcome.Stored.class);
        assertThat(server.identities().find(stranger, foreign.handle())).contains(foreign);
    }

    @Test
    void the_machinery_finds_whoever_has_a_handle() {
        assertThat(inside(tx -> server.identities().find(tx, echo.handle()))).contains(echo);
        assertThat(inside(tx -> server.identities().find(tx, other.id()))).contains(other);

        server.delete(echo);

        assertThat(inside(tx -> server.identities().find(tx, echo.handle()))).isEmpty();
    }

    private void unseen(Caller caller, Identity identity) {
        assertThat(server.identities().find(caller, identity.id())).isEmpty();
        assertThat(server.identities().find(caller, identity.handle())).isEmpty();
        assertThat(inside(tx -> server.identities().find(tx, caller, identity.id())))
                .isEmpty();
        assertThat(rename(caller, identity, new Handle("stolen"))).isInstanceOf(Outcome.NotFound.class);
        assertThat(server.identities().list(caller, 10, 0)).doesNotContain(identity);
    }

    /// What the writer and the readers say, which is the same.
    private String called(Identity identity) {
        Optional<String> written =
                server.database().write(tx -> server.identities().of(tx, identity.id()));
        Optional<String> read =
                server.database().read(reader -> server.identities().of(reader, identity.id()));
        assertThat(read).isEqualTo(written);
        return written.orElseThrow();
    }

    private Outcome rename(Caller caller, Identity identity, Handle to) {
        UnaryOperator<Identity> edit = it -> it.with(to, it.profile(), it.enabled(), it.filterModes());
        return server.identities().update(caller, identity.handle(), edit);
    }

    private Optional<Identity> inside(Function<Tx, Optional<Identity>> work) {
        return server.database().write(work);
    }

    private static Identity stored(Outcome outcome) {
        return ((Outcome.Stored) outcome).identity();
    }
}
