package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {

    private static final List<String> FIRST = List.of("0001_kernel.sql");
    private static final List<String> BEFORE_FEWER_PAGES =
            Migrations.FILES.subList(0, Migrations.FILES.indexOf("0010_fewer_pages.sql"));

    private static final List<String> BEFORE_MIXED_SUBSCRIPTIONS =
            Migrations.FILES.subList(0, Migrations.FILES.indexOf("0019_mixed_subscriptions.sql"));
    private static final List<String> BEFORE_KEPT_SENDS =
            Migrations.FILES.subList(0, Migrations.FILES.indexOf("0020_kept_sends.sql"));

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void choose() {
        file = folder.resolve("test.db");
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
        change(file, "PRAGMA user_version = 99");
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("99")
                .hasMessageContaining("newer");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void an_older_schema_is_copied_first_and_then_upgraded() {
        older();

        Database.open(file).close();

        Path copy = folder.resolve("test.db.schema-1.bak");
        assertThat(version(copy)).isEqualTo(1);
        assertThat(tables(copy)).contains("journal").doesNotContain("organization");
        assertThat(count(copy, "journal_head")).isEqualTo(1);
        assertThat(version(file)).isGreaterThan(1);
        assertThat(tables(file)).contains("journal", "organization");
        assertThat(count(file, "journal_head")).isEqualTo(1);
    }

    @Test
    void what_is_moved_to_other_tables_is_all_there_afterwards() {
        try (Handle handle = SqliteConnections.writer(file)) {
            Migrations.apply(handle, file, BEFORE_FEWER_PAGES);
            handle.execute("INSERT INTO journal VALUES ('org_b', 2, 'evt_3', NULL, NULL, NULL, 'type', 30, 'data 3')");
            handle.execute("INSERT INTO journal VALUES ('org_a', 9, 'evt_1', 'i', 'c', '+1', 'type', 10, 'data 1')");
            handle.execute("INSERT INTO journal VALUES ('org_b', 1, 'evt_2', NULL, NULL, NULL, 'type', 20, 'data 2')");
            handle.execute("""
                    INSERT INTO webhook_delivery (id, subscription_id, organization_id, identity_id, event_id, event_type,
                                                  body, request_id, state, created_at)
                    VALUES ('d', 's', 'org_a', 'i', 'evt_1', 'type', 'body', 'r', 'succeeded', 10)
                    """);
            handle.execute("""
                    INSERT INTO webhook_attempt
                    VALUES ('a', 'd', 's', 'org_a', 'i', 'evt_1', 'type', 'url', 'r', 200, 'ok', NULL, 5, 0, 11)
                    """);
        }

        Database.open(file).close();

        assertThat(texts("SELECT organization_id || seq || event_id || payload FROM journal ORDER BY rowid"))
                .containsExactly("org_a9evt_1data 1", "org_b1evt_2data 2", "org_b2evt_3data 3");
        assertThat(texts("SELECT id || delivery_id || url || response_body || created_at FROM webhook_attempt"))
                .containsExactly("adurlok11");
    }

    @Test
    void rules_and_modes_of_before_mean_both_ways_afterwards() {
        try (Handle handle = SqliteConnections.writer(file)) {
            Migrations.apply(
                    handle, file, Migrations.FILES.subList(0, Migrations.FILES.indexOf("0017_directions.sql")));
            handle.execute("INSERT INTO organization VALUES ('org_a', 'a', 0, 1)");
            handle.execute("""
                    INSERT INTO identity (id, organization_id, handle, enabled, imessage_filter, mail_filter, phone_filter,
                                          created_at, updated_at)
                    VALUES ('i', 'org_a', 'agent', 1, 'whitelist', 'blacklist', 'blacklist', 1, 1)
                    """);
            handle.execute("INSERT INTO contact_rule VALUES ('r', 'org_a', 'i', 'allow', '+1', 1, 5, 6)");
        }

        Database.open(file).close();

        assertThat(texts("""
                        SELECT phone_filter || ' ' || phone_inbound_filter || ' ' || phone_outbound_filter || ' '
                               || mail_inbound_filter || ' ' || mail_outbound_filter || ' ' || contact_sharing
                          FROM identity
                        """)).containsExactly("whitelist whitelist whitelist blacklist blacklist 1");
        assertThat(texts("""
                        SELECT identity_id || number || organization_id || hidden || inbound_rule || inbound_action
                               || inbound_paused || inbound_created_at || inbound_updated_at || outbound_rule
                               || outbound_action || outbound_paused || outbound_created_at || outbound_updated_at
                          FROM contact_rule
                        """)).containsExactly("i+1org_a0rallow156rallow156");
    }

    @Test
    void of_an_answer_that_was_kept_its_id_stays_and_its_words_go() {
        try (Handle handle = SqliteConnections.writer(file)) {
            Migrations.apply(handle, file, BEFORE_KEPT_SENDS);
            handle.execute("INSERT INTO idempotency VALUES ('i', 'messages', 'k', '+1', 'f',"
                    + " '{\"message\":{\"id\":\"m\",\"content\":\"words\"}}', 10)");
            handle.execute(
                    "INSERT INTO idempotency VALUES ('i', 'reactions', 'k', '+1', 'f', '{\"id\":\"t\",\"a\":1}', 20)");
        }

        Database.open(file).close();

        assertThat(texts("""
                        SELECT identity_id || endpoint || key || person || made_id || coalesce(fingerprint, '?') || created_at
                          FROM idempotency ORDER BY created_at
                        """)).containsExactly("imessagesk+1m?10", "ireactionsk+1t?20");
    }

    @Test
    void a_subscription_loses_its_channel_and_nothing_else() {
        try (Handle handle = SqliteConnections.writer(file)) {
            Migrations.apply(handle, file, BEFORE_MIXED_SUBSCRIPTIONS);
            handle.execute("""
                    INSERT INTO webhook_subscription
                    VALUES ('s', 'org_a', 'i', 1, 'imessage', 'https://a.example', '["imessage.sent"]', '{}', 5, 6, 'gone',
                            7, 8)
                    """);
        }

        Database.open(file).close();

        assertThat(texts("""
                SELECT concat_ws(' ', id, organization_id, identity_id, operator, url, event_types, context_config,
                                 failing_since, paused_at, paused_reason, created_at, updated_at, revision,
                                 auth_token IS NULL)
                  FROM webhook_subscription
                """)).containsExactly("s org_a i 1 https://a.example [\"imessage.sent\"] {} 5 6 gone 7 8 1 1");
    }

    private List<String> texts(String sql) {
        try (Handle handle = SqliteConnections.reader(file)) {
            return handle.createQuery(sql).mapTo(String.class).list();
        }
    }

    @Test
    void a_copy_of_an_earlier_attempt_is_kept() throws IOException {
        older();
        Path earlier = Files.writeString(folder.resolve("test.db.schema-1.bak"), "an earlier copy");

        Database.open(file).close();

        assertThat(earlier).hasContent("an earlier copy");
        assertThat(version(folder.resolve("test.db.schema-1-2.bak"))).isEqualTo(1);
    }

    @Test
    void without_a_copy_there_is_no_upgrade() throws IOException {
        older();
        Files.createSymbolicLink(folder.resolve("test.db.schema-1.bak"), folder.resolve("gone/copy"));

        assertThatThrownBy(() -> Database.open(file))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("test.db.schema-1.bak")
                .hasMessageContaining("not upgraded");

        assertThat(version(file)).isEqualTo(1);
    }

    @Test
    void an_upgrade_that_fails_changes_nothing() {
        older();
        List<String> broken = List.of("0001_kernel.sql", "0002_identities.sql", "0001_kernel.sql");

        try (Handle handle = SqliteConnections.writer(file)) {
            assertThatThrownBy(() -> Migrations.apply(handle, file, broken))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("unchanged");
        }

        assertThat(version(file)).isEqualTo(1);
        assertThat(tables(file)).doesNotContain("organization");
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
            handle.execute("INSERT INTO journal_head VALUES ('org_a', 7)");
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
