package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that lost rows of an index, as a copy of a busy database does.
class IntegrityTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void make() {
        file = folder.resolve("test.db");
        Database.open(file).close();
        try (Handle handle = Jdbi.open("jdbc:sqlite:" + file)) {
            handle.execute("CREATE TABLE note (text TEXT)");
            handle.execute("CREATE INDEX note_text ON note (text)");
            handle.execute("INSERT INTO note VALUES ('in both')");
        }
    }

    @Test
    void a_copy_that_is_damaged_is_refused_with_what_is_wrong_and_what_to_do() {
        damage();

        assertThatThrownBy(() -> Database.open(file, Database.History.UNKNOWN))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("is damaged")
                .hasMessageContaining("index note_text")
                .hasMessageContaining("restore it from a backup")
                .message()
                .hasLineCount(1);
    }

    @Test
    void a_copy_that_is_whole_is_opened() {
        try (Database database = Database.open(file, Database.History.UNKNOWN)) {
            assertThat(database.damage()).isEmpty();
        }
    }

    @Test
    void a_file_that_was_not_closed_is_looked_through_while_others_work() {
        try (Integrity whole = new Integrity(file)) {
            whole.lookInBackground(_ -> {});
        }
        damage();
        try (Integrity damaged = new Integrity(file)) {
            damaged.lookInBackground(_ -> {});
            assertThat(awaited(damaged))
                    .hasValueSatisfying(what -> assertThat(what).contains("note_text"));
        }
    }

    @Test
    void a_look_that_goes_on_does_not_keep_the_database_open() {
        Database.open(file, Database.History.INTERRUPTED).close();

        try (Database again = Database.open(file)) {
            assertThat(again.damage()).isEmpty();
        }
    }

    private static Optional<String> awaited(Integrity integrity) {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (integrity.found().isEmpty() && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        return integrity.found();
    }

    /// Adds a row behind the index's back.
    private void damage() {
        try (Handle handle = Jdbi.open("jdbc:sqlite:" + file)) {
            handle.execute("PRAGMA writable_schema = ON");
            handle.execute("CREATE TEMP TABLE kept AS SELECT * FROM sqlite_master WHERE name = 'note_text'");
            handle.execute("DELETE FROM sqlite_master WHERE name = 'note_text'");
            handle.execute("PRAGMA writable_schema = RESET");
            handle.execute("INSERT INTO note VALUES ('not in the index')");
            handle.execute("PRAGMA writable_schema = ON");
            handle.execute("INSERT INTO sqlite_master SELECT * FROM kept");
            handle.execute("PRAGMA writable_schema = RESET");
        }
    }
}
