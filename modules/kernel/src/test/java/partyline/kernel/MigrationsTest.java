package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {

    private static final List<String> FIRST = Migrations.FILES.subList(0, 1);
    private static final int OLDER = Migrations.UNRELEASED + FIRST.size();

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void choose() {
        file = folder.resolve("test.db");
    }

    /// How the digests of the files begin that people's databases were made with.
    private static final Map<String, String> FROZEN = Map.ofEntries(
            Map.entry("0001_kernel.sql", "7459887d5346e9f7"),
            Map.entry("0002_identities.sql", "6eacffa215fde7f3"),
            Map.entry("0003_rules.sql", "79b312d37b241c50"),
            Map.entry("0004_contacts.sql", "3cdcf7dd6934c7e4"),
            Map.entry("0005_transport.sql", "88bea662710456b7"),
            Map.entry("0006_media.sql", "a3901dbd3bc61db6"),
            Map.entry("0007_conversations.sql", "6ef48d9cfb83bee9"),
            Map.entry("0008_router.sql", "c3a3ed31ef11e9ba"),
            Map.entry("0009_webhooks.sql", "633479f2c76d6c9b"),
            Map.entry("0010_simulator.sql", "fb8b23ed5f1b2c81"),
            Map.entry("0011_search.sql", "9ea2e35163cedfa1"),
            Map.entry("0012_conversations.sql", "4fdabcd0743c8a70"),
            Map.entry("0013_media.sql", "e195b5a213e014a6"),
            Map.entry("0014_conversations.sql", "8bc1c801e4f1433e"),
            Map.entry("0015_router.sql", "a3ec3fdddc8d1b89"));

    @Test
    void a_file_that_made_peoples_databases_is_never_edited() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (String name : Migrations.FILES) {
            try (InputStream in = Migrations.class.getResourceAsStream("/db/sqlite/" + name)) {
                assertThat(HexFormat.of().formatHex(digest.digest(in.readAllBytes())))
                        .as(
                                "%s: what it made is on people's disks, so a change is a new file; a new one is added above",
                                name)
                        .startsWith(FROZEN.getOrDefault(name, "its digest"));
            }
        }
    }

    @Test
    void a_new_file_gets_the_whole_schema_and_no_copy() throws IOException {
        Database.open(file).close();

        assertThat(tables(file)).contains("journal", "organization", "message");
        assertThat(folderNames()).containsExactly("test.db");
    }

    @Test
    void an_up_to_date_file_is_opened_as_it_is() throws IOException {
        Database.open(file).close();
        byte[] before = Files.readAllBytes(file);

        Database.open(file).close();

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(folderNames()).containsExactly("test.db");
    }

    @Test
    void a_newer_schema_is_refused_with_a_sentence_that_names_the_file() throws IOException {
        Database.open(file).close();
        change(file, "PRAGMA user_version = 999");
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("999")
                .hasMessageContaining("newer");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void an_older_schema_is_copied_first_and_then_upgraded() {
        older();

        Database.open(file).close();

        Path copy = folder.resolve("test.db.schema-" + OLDER + ".bak");
        assertThat(version(copy)).isEqualTo(OLDER);
        assertThat(tables(copy)).contains("journal").doesNotContain("organization");
        assertThat(count(copy, "journal_head")).isEqualTo(1);
        assertThat(version(file)).isGreaterThan(OLDER);
        assertThat(tables(file)).contains("journal", "organization");
        assertThat(count(file, "journal_head")).isEqualTo(1);
    }

    @Test
    void what_is_moved_to_other_tables_is_all_there_afterwards() {
        try (Handle handle = SqliteConnections.writer(file)) {
            Migrations.apply(handle, file, FIRST);
            handle.execute("INSERT INTO journal_head VALUES (1, 9, 0), (2, 2, 0)");
            handle.execute(
                    "INSERT INTO journal VALUES (2, 2, 3, 0, NULL, NULL, NULL, NULL, NULL, 'type', 30, 'three')");
            handle.execute("INSERT INTO journal VALUES (1, 9, 1, 0, 3, 4, 'c', '+1', NULL, 'type', 10, 'one')");
            handle.execute("INSERT INTO journal VALUES (2, 1, 2, 0, NULL, NULL, NULL, NULL, NULL, 'type', 20, 'two')");

            Migrations.apply(handle, file, List.of(FIRST.getFirst(), "test_moved.sql"));
        }

        assertThat(
                        texts(
                                "SELECT organization_no || seq || event_id || payload || length FROM journal ORDER BY event_id"))
                .containsExactly("191one3", "212two3", "223three5");
        assertThat(texts("SELECT organization_no || seq || events FROM journal_head ORDER BY organization_no"))
                .containsExactly("191", "222");
        assertThat(version(file)).isEqualTo(OLDER + 1);
    }

    @Test
    void a_database_of_before_the_first_release_is_refused_with_what_to_do_and_left_alone() throws IOException {
        older();
        change(file, "PRAGMA user_version = 22");
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("schema 22")
                .hasMessageContaining("before the first release")
                .hasMessageContaining("--data")
                .hasMessageContaining("export");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(folderNames()).containsExactly("test.db");
    }

    @Test
    void the_last_version_of_before_the_first_release_is_refused_too() {
        older();
        change(file, "PRAGMA user_version = " + Migrations.UNRELEASED);

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("before the first release");
    }

    @Test
    void versions_go_on_from_those_of_before_the_first_release() {
        Database.open(file).close();

        assertThat(version(file)).isEqualTo(Migrations.UNRELEASED + Migrations.FILES.size());
    }

    private List<String> texts(String sql) {
        try (Handle handle = SqliteConnections.reader(file)) {
            return handle.createQuery(sql).mapTo(String.class).list();
        }
    }

    @Test
    void a_copy_of_an_earlier_attempt_is_kept() throws IOException {
        older();
        Path earlier = Files.writeString(folder.resolve("test.db.schema-" + OLDER + ".bak"), "an earlier copy");

        Database.open(file).close();

        assertThat(earlier).hasContent("an earlier copy");
        assertThat(version(folder.resolve("test.db.schema-" + OLDER + "-2.bak")))
                .isEqualTo(OLDER);
    }

    @Test
    void without_a_copy_there_is_no_upgrade() throws IOException {
        older();
        Files.createSymbolicLink(folder.resolve("test.db.schema-" + OLDER + ".bak"), folder.resolve("gone/copy"));

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("test.db.schema-" + OLDER + ".bak")
                .hasMessageContaining("not upgraded");

        assertThat(version(file)).isEqualTo(OLDER);
    }

    @Test
    void an_upgrade_that_fails_changes_nothing() {
        older();
        List<String> broken = List.of(FIRST.getFirst(), "0002_identities.sql", "test_broken.sql");

        try (Handle handle = SqliteConnections.writer(file)) {
            assertThatThrownBy(() -> Migrations.apply(handle, file, broken))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("unchanged");
        }

        assertThat(version(file)).isEqualTo(OLDER);
        assertThat(tables(file)).doesNotContain("organization", "half_done");
        assertThat(count(file, "journal_head")).isEqualTo(1);
    }

    @Test
    void a_file_that_is_no_database_is_refused_and_left_alone() throws IOException {
        Files.writeString(file, "Dear diary, ".repeat(500));
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("database");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(folderNames()).containsExactly("test.db");
    }

    @Test
    void a_database_of_another_program_is_refused_and_left_alone() throws IOException {
        change(file, "CREATE TABLE song (title TEXT)");
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("not a Partyline database");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(folderNames()).containsExactly("test.db");
    }

    @Test
    void a_database_of_another_program_that_counts_versions_too_is_refused_and_left_alone() throws IOException {
        change(file, "CREATE TABLE song (title TEXT)");
        change(file, "PRAGMA user_version = 3");
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("not a Partyline database");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(folderNames()).containsExactly("test.db");
    }

    @Test
    void an_empty_file_becomes_a_database() throws IOException {
        Files.createFile(file);

        Database.open(file).close();

        assertThat(tables(file)).contains("journal");
    }

    @Test
    void a_folder_that_does_not_exist_is_named() {
        Path lost = folder.resolve("nowhere").resolve("test.db");

        assertThatThrownBy(() -> Database.open(lost))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(lost.toString());
    }

    /// A database as the first version of the program left it, with a row.
    private void older() {
        try (Handle handle = SqliteConnections.writer(file)) {
            Migrations.apply(handle, file, FIRST);
            handle.execute("INSERT INTO journal_head VALUES (1, 7, 0)");
        }
    }

    private List<String> folderNames() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    private static void change(Path file, String sql) {
        try (Handle handle = Jdbi.open("jdbc:sqlite:" + file)) {
            handle.execute(sql);
        }
    }

    private static int version(Path file) {
        return number(file, "PRAGMA user_version");
    }

    private static int count(Path file, String table) {
        return number(file, "SELECT count(*) FROM " + table);
    }

    private static int number(Path file, String query) {
        try (Handle handle = Jdbi.open("jdbc:sqlite:" + file)) {
            return handle.createQuery(query).mapTo(int.class).one();
        }
    }

    private static List<String> tables(Path file) {
        try (Handle handle = Jdbi.open("jdbc:sqlite:" + file)) {
            return handle.createQuery("SELECT name FROM sqlite_master WHERE type = 'table'")
                    .mapTo(String.class)
                    .list();
        }
    }
}
