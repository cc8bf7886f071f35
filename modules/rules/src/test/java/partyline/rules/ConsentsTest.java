package partyline.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.identities.Caller;
import partyline.identities.ServerKey;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.testkit.FakeClock;

class ConsentsTest {

    private static final PhoneNumber SAM = new PhoneNumber("+12025550140");
    private static final PhoneNumber EVE = new PhoneNumber("+12025550141");
    private static final OrganizationId ACME = new OrganizationId("org_acme");

    private final FakeClock clock = new FakeClock();
    private final Ids ids = new Ids(clock);

    @TempDir
    private Path folder;

    private Database database;
    private Consents consents;

    @BeforeEach
    void begin() {
        database = Database.open(folder.resolve("test.db"));
        consents = new Consents(database, ServerKey.open(folder.resolve("server.key"), true));
    }

    @AfterEach
    void end() {
        database.close();
    }

    @Test
    void who_told_the_router_to_stop_is_stopped_on_every_line_until_they_start_again() {
        assertThat(database.<Boolean>write(tx -> consents.stop(tx, SAM, clock.instant())))
                .isTrue();
        clock.advance(Duration.ofMinutes(1));
        assertThat(database.<Boolean>write(tx -> consents.stop(tx, SAM, clock.instant())))
                .isFalse();

        assertThat(stopped(SAM, "one")).isTrue();
        assertThat(stopped(EVE, "one")).isFalse();
        assertThat(database.<Optional<Instant>>read(reader -> consents.stoppedAt(reader, SAM)))
                .contains(clock.instant().minus(Duration.ofMinutes(1)));

        assertThat(database.<Boolean>write(tx -> consents.start(tx, SAM))).isTrue();
        assertThat(database.<Boolean>write(tx -> consents.start(tx, SAM))).isFalse();
        assertThat(stopped(SAM, "one")).isFalse();
    }

    @Test
    void who_told_an_agents_own_number_to_stop_is_stopped_there_alone() {
        database.update(tx -> consents.stop(tx, SAM, "one", clock.instant()));

        assertThat(stopped(SAM, "one")).isTrue();
        assertThat(stopped(SAM, "two")).isFalse();
        assertThat(database.<List<String>>read(reader -> consents.stoppedLines(reader, SAM)))
                .containsExactly("one");

        assertThat(database.<Boolean>write(tx -> consents.start(tx, SAM, "one")))
                .isTrue();
        assertThat(stopped(SAM, "one")).isFalse();
    }

    @Test
    void the_mark_of_who_stopped_names_nobody() {
        database.update(tx -> consents.stop(tx, SAM, clock.instant()));

        String mark = database.read(reader -> reader.createQuery("SELECT person_hash FROM consent")
                .mapTo(String.class)
                .one());

        assertThat(mark).doesNotContain("2025550140");
    }

    @Test
    void an_organization_learns_of_its_own_changes_and_an_agent_of_those_in_its_thread() {
        Id echo = ids.next();
        Consents.Change onRouter = change(ACME, Optional.empty());
        Consents.Change inThread = change(ACME, Optional.of(echo));
        Consents.Change elsewhere = change(new OrganizationId("org_other"), Optional.empty());
        database.update(tx -> List.of(onRouter, inThread, elsewhere).forEach(it -> consents.insert(tx, it)));

        assertThat(consents.list(new Caller(ACME, Optional.empty(), false, "admin"), Optional.empty(), 50, 0))
                .containsExactly(inThread, onRouter);
        assertThat(consents.list(new Caller(ACME, Optional.of(echo), false, "scoped"), Optional.empty(), 50, 0))
                .containsExactly(inThread);
        assertThat(onRouter.onRouter()).isTrue();
        assertThat(inThread.onRouter()).isFalse();
    }

    private boolean stopped(PhoneNumber person, String line) {
        return database.read(reader -> consents.isStopped(reader, person, line));
    }

    private Consents.Change change(OrganizationId organization, Optional<Id> identity) {
        return new Consents.Change(ids.next(), organization, SAM, identity, true, "STOP", clock.instant());
    }
}
