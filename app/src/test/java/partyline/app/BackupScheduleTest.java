package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.app.config.Config;
import partyline.app.config.Settings;
import partyline.app.operator.BackupCheck;

/// A server backs itself up, now and then, and keeps the newest.
@ResourceLock(Resources.SYSTEM_ERR)
class BackupScheduleTest {

    @TempDir
    Path folder;

    private final ShiftedClock clock = new ShiftedClock();
    private TestServer server = new TestServer();

    @BeforeEach
    void open() throws IOException {
        server = new TestServer("backup: {every: 24h, keep: 2, folder: %s}".formatted(backups()), clock);
        server.open();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void the_first_is_taken_at_once_and_the_next_when_it_is_due() throws IOException {
        look();
        look();
        List<Path> first = taken();
        clock.jump(Duration.ofHours(25));
        server.restart();
        look();

        assertThat(first).hasSize(1);
        assertThat(taken()).hasSize(2).containsAll(first);
        assertThat(BackupCheck.run(taken().getLast())).startsWith("whole");
    }

    @Test
    void the_oldest_go_and_nothing_else_does() throws IOException {
        Path other = Files.createDirectories(backups().resolve("by-hand"));
        for (int day = 0; day < 4; day++) {
            look();
            clock.jump(Duration.ofHours(25));
        }
        List<Path> kept = taken();
        clock.jump(Duration.ofDays(-30));
        look();

        assertThat(kept).hasSize(3).contains(other);
        assertThat(taken()).hasSize(3).contains(other, kept.getLast());
    }

    @Test
    void one_that_fails_says_what_to_do_and_is_tried_again_later() throws IOException {
        Files.writeString(backups(), "no folder");
        try (LogLines log = new LogLines()) {
            look();
            assertThat(log.text())
                    .contains("event=backup_failed folder=" + backups())
                    .contains("fix=\"see to room and rights of backup.folder; the next try is in ten minutes\"");
        }
        Files.delete(backups());
        look();
        assertThat(backups()).doesNotExist();

        clock.jump(Duration.ofMinutes(11));
        look();

        assertThat(taken()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5m", "daily", "1d"})
    void an_interval_that_is_none_is_told_with_one_that_is(String every) {
        Settings settings = Settings.read(Optional.empty(), Map.of(), Map.of("backup.every", every));

        assertThatThrownBy(() -> Config.of(settings)).hasMessageContainingAll("backup.every is \"" + every, "like 24h");
    }

    private void look() {
        server.wiring().look();
    }

    private Path backups() {
        return folder.resolve("backups");
    }

    private List<Path> taken() throws IOException {
        try (Stream<Path> files = Files.list(backups())) {
            return files.sorted().toList();
        }
    }
}
