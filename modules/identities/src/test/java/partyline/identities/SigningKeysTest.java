package partyline.identities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.testkit.FakeClock;

class SigningKeysTest {

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private Server server;
    private Caller admin;
    private Identity echo;

    @BeforeEach
    void open() {
        server = Server.open(folder, clock);
        admin = Server.admin(server.organization("default"));
        echo = server.identity(admin, "echo");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void a_key_is_made_once_and_told_once() {
        Optional<String> first = server.ensureSigningKey(echo);

        assertThat(first).hasValueSatisfying(text -> assertThat(text).matches("whsec_[0-9a-f]{64}"));
        assertThat(server.ensureSigningKey(echo)).isEmpty();
        assertThat(secret(echo)).isEqualTo(first.orElseThrow());
    }

    @Test
    void many_who_ask_at_once_make_one_key() throws InterruptedException {
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();

        List<Thread> askers = IntStream.range(0, 50)
                .mapToObj(_ -> Thread.startVirtualThread(
                        () -> server.ensureSigningKey(echo).ifPresent(told::add)))
                .toList();
        for (Thread asker : askers) {
            asker.join();
        }

        assertThat(told).containsExactly(secret(echo));
    }

    @Test
    void a_rotated_key_takes_the_place_of_the_old() {
        String first = server.ensureSigningKey(echo).orElseThrow();

        SigningKeys.Minted second = server.signingKeys().rotate(echo);

        assertThat(second.text()).isNotEqualTo(first);
        assertThat(secret(echo)).isEqualTo(second.text());
        assertThat(server.ensureSigningKey(echo)).isEmpty();
        assertThat(server.identities().find(admin, echo.id()).orElseThrow().signingKeyCreatedAt())
                .contains(second.createdAt());
    }

    @Test
    void every_identity_has_a_key_of_its_own() {
        Identity other = server.identity(admin, "other");
        server.ensureSigningKey(echo);
        server.ensureSigningKey(other);

        String before = secret(echo);
        server.signingKeys().rotate(other);

        assertThat(secret(echo)).isEqualTo(before).isNotEqualTo(secret(other));
    }

    @Test
    void a_key_is_encrypted_at_rest() {
        String text = server.ensureSigningKey(echo).orElseThrow();

        assertThat(server.keeps(echo.id().text())).isTrue();
        assertThat(server.keeps(text.substring("whsec_".length()))).isFalse();
        server.close();
        assertThat(server.keeps(echo.id().text())).isTrue();
        assertThat(server.keeps(text.substring("whsec_".length()))).isFalse();
    }

    @Test
    void a_key_survives_a_restart() {
        String text = server.ensureSigningKey(echo).orElseThrow();
        server.close();
        server = Server.open(folder, clock);

        assertThat(secret(echo)).isEqualTo(text);
    }

    @Test
    void a_forgotten_key_signs_nothing_any_more() {
        server.ensureSigningKey(echo);

        server.database().update(tx -> server.signingKeys().delete(tx, echo.id()));

        assertThatThrownBy(() -> secret(echo)).hasMessageContaining("no signing key");
        assertThat(server.identities().find(admin, echo.id()).orElseThrow().signingKeyCreatedAt())
                .isEmpty();
    }

    private String secret(Identity identity) {
        return server.signingKeys().secrets(identity.id()).current();
    }
}
