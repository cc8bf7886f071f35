package partyline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.kernel.Database;
import partyline.kernel.PhoneNumber;
import partyline.testkit.FakeClock;

class QuotaTest {

    private static final PhoneNumber ANN = new PhoneNumber("+12025550140");
    private static final PhoneNumber BOB = new PhoneNumber("+12025550141");

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private final Quota replies = new Quota(clock, "reply", 3, Duration.ofHours(1));
    private final Quota hints = new Quota(clock, "hint", 1, Duration.ofDays(1));
    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("test.db"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_person_gets_so_many_and_no_more() {
        assertThat(take(replies, ANN)).isTrue();
        assertThat(take(replies, ANN)).isTrue();
        assertThat(take(replies, ANN)).isTrue();

        assertThat(take(replies, ANN)).isFalse();
        assertThat(take(replies, ANN)).isFalse();
    }

    @Test
    void every_person_and_every_kind_has_a_share_of_its_own() {
        assertThat(take(hints, ANN)).isTrue();

        assertThat(take(hints, ANN)).isFalse();
        assertThat(take(hints, BOB)).isTrue();
        assertThat(take(replies, ANN)).isTrue();
    }

    @Test
    void each_one_comes_back_when_its_period_is_over() {
        take(replies, ANN);
        clock.advance(Duration.ofMinutes(30));
        take(replies, ANN);
        take(replies, ANN);

        clock.advance(Duration.ofMinutes(29));
        assertThat(take(replies, ANN)).isFalse();
        clock.advance(Duration.ofMinutes(1));
        assertThat(take(replies, ANN)).isTrue();
        assertThat(take(replies, ANN)).isFalse();
    }

    @Test
    void asking_in_vain_does_not_prolong_the_silence() {
        take(hints, ANN);
        clock.advance(Duration.ofHours(23));
        assertThat(take(hints, ANN)).isFalse();

        clock.advance(Duration.ofHours(1));

        assertThat(take(hints, ANN)).isTrue();
    }

    @Test
    void asking_whether_it_is_used_up_takes_nothing() {
        assertThat(isUsedUp(hints)).isFalse();
        assertThat(take(hints, ANN)).isTrue();

        assertThat(isUsedUp(hints)).isTrue();
        clock.advance(Duration.ofDays(1));
        assertThat(isUsedUp(hints)).isFalse();
    }

    private boolean isUsedUp(Quota quota) {
        return database.write(tx -> quota.isUsedUp(tx, ANN));
    }

    @Test
    void what_was_rolled_back_costs_nothing() {
        assertThatThrownBy(() -> database.update(tx -> {
                    hints.take(tx, ANN);
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");

        assertThat(take(hints, ANN)).isTrue();
    }

    private boolean take(Quota quota, PhoneNumber person) {
        return database.write(tx -> quota.take(tx, person));
    }
}
