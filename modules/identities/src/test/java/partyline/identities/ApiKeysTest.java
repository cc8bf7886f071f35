package partyline.identities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.kernel.StartupFailure;
import partyline.kernel.Timestamps;
import partyline.testkit.FakeClock;

class ApiKeysTest {

    private static final String CHOSEN = "ApiKey_01a20cff-7d00-46f7-96fe-d7af128f4111.chosen-by-the-operator";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private Server server;
    private Organization organization;
    private Identity echo;

    @BeforeEach
    void open() {
        server = Server.open(folder, clock);
        organization = server.organization("default");
        echo = server.identity(Server.admin(organization), "echo");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void a_key_says_who_calls() {
        ApiKey.Minted key = server.key(echo, "mine");

        assertThat(server.keys().authenticate(key.text()))
                .contains(new Caller(
                        organization.id(),
                        Optional.of(echo.id()),
                        true,
                        key.key().id()));
    }

    @Test
    void an_admin_key_sees_its_whole_organization() {
        Organization second = server.organization("second");
        ApiKey.Minted key = server.database().write(tx -> server.keys().mintAdmin(tx, second.id(), "admin"));

        Caller caller = server.keys().authenticate(key.text()).orElseThrow();

        assertThat(caller.admin()).isTrue();
        assertThat(caller.organization()).isEqualTo(second.id());
        assertThat(caller.operator()).isFalse();
    }

    @Test
    void a_wrong_secret_opens_nothing_whether_or_not_the_key_was_used_before() {
        ApiKey.Minted key = server.key(echo, "mine");
        String wrong = key.key().id() + "." + "x".repeat(43);

        assertThat(server.keys().authenticate(wrong)).isEmpty();
        assertThat(server.keys().authenticate(key.text())).isPresent();
        assertThat(server.keys().authenticate(wrong)).isEmpty();
        assertThat(server.keys().authenticate(key.text() + "x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ApiKey_",
                "Bearer " + CHOSEN,
                CHOSEN + "\n",
                "ApiKey_01a20cff-7d00-46f7-96fe-d7af128f4111.short",
                "ApiKey_01a20cff-7d00-46f7-96fe-d7af128f4111",
                CHOSEN
            })
    void what_is_malformed_or_unknown_opens_nothing(String text) {
        assertThat(server.keys().authenticate(text)).isEmpty();
    }

    @Test
    void an_expired_key_opens_nothing_although_it_was_used_before() {
        ApiKey.Minted key = server.key(echo, "mine");
        server.database()
                .update(tx -> tx.handle()
                        .execute(
                                "UPDATE api_key SET expires_at = ? WHERE id = ?",
                                Timestamps.micros(clock.instant().plusSeconds(60)),
                                key.key().id()));
        assertThat(server.keys().authenticate(key.text())).isPresent();

        clock.advance(Duration.ofMinutes(1));

        assertThat(server.keys().authenticate(key.text())).isEmpty();
    }

    @Test
    void a_revoked_key_opens_nothing_from_the_next_request_on() {
        ApiKey.Minted key = server.key(echo, "mine");
        assertThat(server.keys().authenticate(key.text())).isPresent();

        server.revoke(echo, Optional.empty());

        assertThat(server.keys().authenticate(key.text())).isEmpty();
    }

    @Test
    void who_listens_hears_of_each_revocation_once_the_key_opens_nothing() {
        List<ApiKey.Minted> keys = List.of(server.key(echo, "one"), server.key(echo, "two"));
        keys.forEach(key -> assertThat(server.keys().authenticate(key.text())).isPresent());
        List<String> heard = new ArrayList<>();
        server.keys().listen(id -> {
            heard.add(id);
            keys.stream()
                    .filter(key -> key.key().id().equals(id))
                    .forEach(key ->
                            assertThat(server.keys().authenticate(key.text())).isEmpty());
        });

        server.keys().revoke(Server.admin(organization), keys.getFirst().key().id());
        server.database().update(tx -> server.keys().revoke(tx, echo.id(), Optional.empty()));

        assertThat(heard)
                .containsExactlyElementsOf(
                        keys.stream().map(key -> key.key().id()).toList());
    }

    @Test
    void a_revocation_by_label_spares_the_other_keys() {
        ApiKey.Minted old = server.key(echo, "old");
        ApiKey.Minted current = server.key(echo, "current");
        ApiKey.Minted foreign = server.key(server.identity(Server.admin(organization), "other"), "old");

        server.revoke(echo, Optional.of("old"));

        assertThat(server.keys().authenticate(old.text())).isEmpty();
        assertThat(server.keys().authenticate(current.text())).isPresent();
        assertThat(server.keys().authenticate(foreign.text())).isPresent();
    }

    @Test
    void a_revocation_that_was_rolled_back_revokes_nothing() {
        ApiKey.Minted key = server.key(echo, "mine");

        assertThatThrownBy(() -> server.database().update(tx -> {
                    server.keys().revoke(tx, echo.id(), Optional.empty());
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");

        assertThat(server.keys().authenticate(key.text())).isPresent();
    }

    @Test
    void no_request_that_begins_after_a_revocation_gets_through_however_many_are_under_way()
            throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            String key = server.key(echo, "round").text();
            AtomicBoolean revoked = new AtomicBoolean();
            AtomicInteger slipped = new AtomicInteger();
            List<Thread> callers = IntStream.range(0, 2)
                    .mapToObj(_ -> Thread.ofPlatform().start(() -> {
                        boolean late;
                        do {
                            late = revoked.get();
                            if (server.keys().authenticate(key).isPresent() && late) {
                                slipped.incrementAndGet();
                            }
                        } while (!late);
                    }))
                    .toList();

            server.revoke(echo, Optional.empty());
            revoked.set(true);
            for (Thread caller : callers) {
                caller.join();
            }

            assertThat(slipped).hasValue(0);
        }
    }

    @Test
    void the_key_of_the_operator_is_an_admin_key_after_every_start() {
        install(CHOSEN);
        install(CHOSEN);

        assertThat(server.keys().authenticate(CHOSEN)).hasValueSatisfying(caller -> {
            assertThat(caller.admin()).isTrue();
            assertThat(caller.organization()).isEqualTo(organization.id());
        });
    }

    @Test
    void a_new_secret_of_the_operator_takes_the_place_of_the_old_at_once() {
        install(CHOSEN);
        assertThat(server.keys().authenticate(CHOSEN)).isPresent();

        install(CHOSEN + "-2");

        assertThat(server.keys().authenticate(CHOSEN)).isEmpty();
        assertThat(server.keys().authenticate(CHOSEN + "-2")).isPresent();
    }

    @Test
    void another_key_of_the_operator_revokes_the_one_before_and_no_other() {
        String next = CHOSEN.replaceFirst("_[0-9a-f]", "_e");
        ApiKey.Minted minted = server.database().write(tx -> server.keys().mintAdmin(tx, organization.id(), "second"));
        install(CHOSEN);
        assertThat(server.keys().authenticate(CHOSEN)).isPresent();

        install(next);

        assertThat(server.keys().authenticate(CHOSEN)).isEmpty();
        assertThat(server.keys().authenticate(next)).isPresent();
        assertThat(server.keys().authenticate(minted.text())).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "ApiKey_1.abcdefghijklmnopqrstuvwxyz", CHOSEN + " ", CHOSEN + "\n"})
    void a_malformed_key_of_the_operator_stops_the_start_without_being_told(String text) {
        assertThatThrownBy(() -> install(text))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("PARTYLINE_ADMIN_KEY")
                .hasMessageNotContaining("chosen-by-the-operator");
    }

    @Test
    void the_holder_of_a_key_can_look_it_up() {
        ApiKey.Minted key = server.key(echo, "mine");
        Caller caller = server.keys().authenticate(key.text()).orElseThrow();

        assertThat(server.keys().find(caller).map(ApiKey::id))
                .contains(key.key().id());
        assertThat(key.key().label()).isEqualTo("mine");
        assertThat(key.text())
                .startsWith(key.key().displayPrefix())
                .endsWith(key.key().last4());
    }

    @Test
    void only_the_hash_of_a_key_is_at_rest() {
        ApiKey.Minted key = server.key(echo, "a-label-to-find");
        install(CHOSEN);
        server.keys().authenticate(key.text());

        assertThat(server.keeps("a-label-to-find")).isTrue();
        assertThat(server.keeps(key.text().substring(key.text().indexOf('.') + 1)))
                .isFalse();
        assertThat(server.keeps("chosen-by-the-operator")).isFalse();
        server.close();
        assertThat(server.keeps("a-label-to-find")).isTrue();
        assertThat(server.keeps(key.text().substring(key.text().indexOf('.') + 1)))
                .isFalse();
        assertThat(server.keeps("chosen-by-the-operator")).isFalse();
    }

    private void install(String text) {
        server.database().update(tx -> server.keys().install(tx, organization.id(), text));
    }
}
