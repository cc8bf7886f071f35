package partyline.app.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.app.config.DataFolder;
import partyline.identities.ServerKey;
import partyline.kernel.Database;
import partyline.kernel.DatabaseCopy;
import partyline.kernel.Throttle;

/// A list of files that fits says nothing yet: the database itself is looked through.
class BackupCheckTest {

    @TempDir
    Path folder;

    private Path backup = Path.of("");

    @BeforeEach
    void take() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        try (Database database = Database.open(data.resolve(DataFolder.DATABASE))) {
            database.update(tx -> tx.handle().execute("INSERT INTO symbol (no, text) VALUES (1, 'one'), (2, 'two')"));
        }
        ServerKey.open(data.resolve(DataFolder.SERVER_KEY), true);
        backup = folder.resolve("backup");
        new Backup(data, "1.0", "", InstantSource.system(), Throttle::none).into(backup);
    }

    @Test
    void rows_that_are_missing_are_found() throws IOException {
        try (Database database = Database.open(backup.resolve(DataFolder.DATABASE))) {
            database.update(tx -> tx.handle().execute("DELETE FROM symbol WHERE no = 2"));
        }
        list(UnaryOperator.identity());

        assertThatThrownBy(() -> BackupCheck.run(backup)).hasMessageContaining("has other rows than when it was taken");
    }

    @Test
    void a_page_astray_is_found() throws IOException {
        Path database = backup.resolve(DataFolder.DATABASE);
        try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 4_096);
        }
        list(UnaryOperator.identity());

        assertThatThrownBy(() -> BackupCheck.run(backup)).hasMessageContaining("its database is damaged");
    }

    @Test
    void one_that_a_newer_program_took_is_left_to_that() throws IOException {
        list(text -> text.replace(
                "\"schema\" : " + DatabaseCopy.NEWEST_SCHEMA, "\"schema\" : " + (DatabaseCopy.NEWEST_SCHEMA + 1)));

        assertThatThrownBy(() -> BackupCheck.run(backup)).hasMessageContaining("use the jar of that version");
    }

    @Test
    void names_that_lead_elsewhere_are_refused() throws IOException {
        list(text -> text.replace("\"server.key\"", "\"../data/server.key\""));

        assertThatThrownBy(() -> BackupCheck.run(backup)).hasMessageContaining("which no backup has");
        Path target = folder.resolve("other");
        assertThatThrownBy(() -> new Restore(target, "", InstantSource.system()).from(backup, false))
                .hasMessageContaining("which no backup has");
        assertThat(target).doesNotExist();
    }

    /// Makes the list of files anew, and then something of it.
    private void list(UnaryOperator<String> change) throws IOException {
        BackupManifest old = BackupManifest.read(backup);
        List<BackupManifest.Stored> files = new ArrayList<>();
        for (BackupManifest.Stored file : old.files()) {
            try (InputStream in = Files.newInputStream(backup.resolve(file.name()))) {
                files.add(BackupTarget.stored(file.name(), in, OutputStream.nullOutputStream(), Throttle.none()));
            }
        }
        BackupManifest anew = new BackupManifest(
                old.version(),
                old.schema(),
                old.takenAt(),
                old.configuration(),
                old.rows(),
                old.newestEvent(),
                files,
                old.gone());
        Files.writeString(backup.resolve(BackupManifest.FILE), change.apply(anew.json()));
    }
}
