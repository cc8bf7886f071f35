package partyline.identities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.kernel.StartupFailure;

class ServerKeyTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void choose() {
        file = folder.resolve("server.key");
    }

    @Test
    void a_new_key_is_a_file_that_only_its_owner_may_read() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));

        ServerKey.open(file, true);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.size(file)).isEqualTo(32);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void what_was_encrypted_is_read_again_after_a_restart() {
        String sealed = ServerKey.open(file, true).encrypt("whsec_ü");

        assertThat(ServerKey.open(file, false).decrypt(sealed)).isEqualTo("whsec_ü");
        assertThat(ServerKey.open(file, true).decrypt(sealed)).isEqualTo("whsec_ü");
    }

    @Test
    void a_missing_key_is_not_replaced_when_secrets_lie_under_it() {
        assertThatThrownBy(() -> ServerKey.open(file, false))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("missing")
                .hasMessageContaining("backup");

        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33})
    void a_damaged_key_is_refused_and_left_alone(int length) throws IOException {
        Files.write(file, new byte[length]);

        assertThatThrownBy(() -> ServerKey.open(file, true))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("damaged");

        assertThat(file).hasSize(length);
    }

    @Test
    void a_folder_that_does_not_exist_is_named() {
        Path lost = folder.resolve("nowhere").resolve("server.key");

        assertThatThrownBy(() -> ServerKey.open(lost, true))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(lost.toString());
    }

    @Test
    void a_draft_that_a_crash_left_is_no_hindrance() throws IOException {
        Files.writeString(folder.resolve("server.key.new"), "half a k");

        ServerKey key = ServerKey.open(file, true);

        assertThat(key.decrypt(key.encrypt("secret"))).isEqualTo("secret");
        assertThat(folder.resolve("server.key.new")).doesNotExist();
    }

    @Test
    void the_same_secret_never_looks_the_same_twice() {
        ServerKey key = ServerKey.open(file, true);

        assertThat(key.encrypt("secret")).isNotEqualTo(key.encrypt("secret")).doesNotContain("secret");
    }

    @Test
    void another_key_reads_nothing() {
        String sealed = ServerKey.open(file, true).encrypt("secret");
        ServerKey other = ServerKey.open(folder.resolve("other.key"), true);

        assertThatThrownBy(() -> other.decrypt(sealed)).hasMessageContaining("does not fit");
    }

    @Test
    void a_secret_opens_only_where_it_lies() {
        ServerKey key = ServerKey.open(file, true);
        String sealed = key.seal("secret", "row 1");

        assertThat(key.unseal(sealed, "row 1")).isEqualTo("secret");
        assertThatThrownBy(() -> key.unseal(sealed, "row 2")).hasMessageContaining("does not fit");
        assertThatThrownBy(() -> key.decrypt(sealed)).hasMessageContaining("does not fit");
    }

    @Test
    void a_changed_byte_is_noticed() {
        ServerKey key = ServerKey.open(file, true);
        byte[] sealed = Base64.getDecoder().decode(key.encrypt("secret"));

        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            String text = Base64.getEncoder().encodeToString(changed);

            assertThatThrownBy(() -> key.decrypt(text)).hasMessageContaining("does not fit");
        }
    }
}
