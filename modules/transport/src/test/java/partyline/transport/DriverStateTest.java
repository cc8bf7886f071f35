package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.kernel.Database;

class DriverStateTest {

    @TempDir
    Path folder;

    @Test
    void whoever_asks_first_makes_the_secret_of_a_line_and_everybody_has_the_same() {
        List<String> secrets;
        try (Database database = Database.open(folder.resolve("memory.db"))) {
            secrets = IntStream.range(0, 16)
                    .parallel()
                    .mapToObj(_ -> new DriverState(database).secret(TransportRun.POOL))
                    .toList();
        }

        assertThat(secrets).allMatch(secret -> secret.matches("[0-9a-f]{64}"));
        assertThat(secrets.stream().distinct()).hasSize(1);
        try (Database again = Database.open(folder.resolve("memory.db"))) {
            assertThat(new DriverState(again).secret(TransportRun.POOL)).isEqualTo(secrets.getFirst());
        }
    }
}
