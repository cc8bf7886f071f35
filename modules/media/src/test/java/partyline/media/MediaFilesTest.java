package partyline.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.testkit.Eventually.assertEventually;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.identities.Caller;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.OrganizationId;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.outbound.Outbound;
import partyline.testkit.FakeClock;

/// The files that agents upload and people send; those at foreign addresses are in [FetchTest].
class MediaFilesTest {

    private static final OrganizationId ACME = new OrganizationId("org_acme");
    private static final OrganizationId OTHER = new OrganizationId("org_other");
    private static final Caller ADMIN = new Caller(ACME, Optional.empty(), false, "ApiKey_of_an_admin");
    private static final Caller STRANGER = new Caller(OTHER, Optional.empty(), false, "ApiKey_of_a_stranger");
    private static final PhoneNumber SAM = new PhoneNumber("+12025550140");
    private static final Duration RETENTION = Duration.ofDays(10);
    private static final long QUOTA = 100;

    private final FakeClock clock = new FakeClock();
    private final Ids ids = new Ids(clock);
    private final Id echo = ids.next();
    private final Id shout = ids.next();
    private final Outbound outbound = new Outbound(List.of(), "Partyline/test");

    @TempDir
    private Path folder;

    private Database database;
    private MediaFiles files;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("test.db"));
        files = files(RETENTION);
    }

    private MediaFiles files(Duration retention) {
        return new MediaFiles(
                new Storage(database, new Journal(ids, clock), ids, clock),
                outbound,
                folder.resolve("media"),
                () -> "http://here",
                new OrganizationId("org_operator"),
                new MediaSettings(retention, QUOTA, 50, Duration.ofSeconds(60)));
    }

    @AfterEach
    void close() {
        files.close();
        outbound.close();
        database.close();
    }

    @Test
    void a_file_is_read_at_its_address_by_whoever_has_all_of_it() throws Exception {
        MediaFile note = stored("note.txt", "text/plain", "hello");

        assertThat(files.url(note)).isEqualTo("http://here/media/" + note.token() + "/note.txt");
        assertThat(read(note)).isEqualTo("hello");
        assertThat(files.open(note.token(), "other.txt")).isEqualTo(new Opening.Unknown());
        assertThat(files.open("A".repeat(43), "note.txt")).isEqualTo(new Opening.Unknown());
    }

    @Test
    void the_same_bytes_again_are_a_file_of_their_own_since_an_address_is_a_secret() throws Exception {
        MediaFile first = stored("note.txt", "text/plain", "hello");
        MediaFile second = stored("note.txt", "text/plain", "hello");
        assertThat(second.token()).isNotEqualTo(first.token());

        release(first);

        assertThat(opened(first)).isEqualTo(new Opening.Gone());
        assertThat(read(second)).isEqualTo("hello");
    }

    @Test
    void only_callers_of_its_organization_may_send_a_file_and_only_under_its_whole_address() throws Exception {
        MediaFile note = stored("note.txt", "text/plain", "hello");

        assertThat(reference(ADMIN, files.url(note))).isEqualTo(new Reference.Own(note));
        assertThat(reference(STRANGER, files.url(note))).isInstanceOf(Reference.Refused.class);
        assertThat(reference(ADMIN, files.url(note) + "x")).isInstanceOf(Reference.Refused.class);

        release(note);
        assertThat(reference(ADMIN, files.url(note))).isInstanceOf(Reference.Refused.class);
    }

    @Test
    void a_file_that_is_empty_or_larger_than_is_taken_leaves_nothing() throws Exception {
        assertThat(store("large", "text/plain", "x".repeat(51)))
                .isEqualTo(new StoreOutcome.Refused(MediaFailure.TOO_LARGE));
        assertThat(store("empty", "text/plain", "")).isEqualTo(new StoreOutcome.Refused(MediaFailure.EMPTY));

        assertThat(onDisk()).isEmpty();
        assertThat(store("just", "text/plain", "x".repeat(50))).isInstanceOf(StoreOutcome.Stored.class);
    }

    @Test
    void each_organization_has_room_of_its_own_and_what_is_removed_makes_room_again() throws Exception {
        MediaFile first = stored("1", "text/plain", "x".repeat(50));
        stored("2", "text/plain", "x".repeat(40));
        StoreOutcome full = new StoreOutcome.Refused(MediaFailure.QUOTA_EXCEEDED);

        assertThat(store("3", "text/plain", "x".repeat(11))).isEqualTo(full);
        assertThat(onDisk()).hasSize(2);
        assertThat(store(new NewFile(OTHER, "3", null, bytes("x".repeat(11)), 50)))
                .isInstanceOf(StoreOutcome.Stored.class);

        release(first);
        assertThat(store("3", "text/plain", "x".repeat(11))).isInstanceOf(StoreOutcome.Stored.class);
    }

    @Test
    void a_file_is_what_its_bytes_show_whatever_its_sender_calls_it() throws Exception {
        MediaFile picture = stored("../cat.jpg", "image/jpeg", "\u0089PNG\r\n\u001a\n and more");
        MediaFile paper = stored("dog.png", "image/png", "%PDF-1.7");

        assertThat(picture.contentType()).isEqualTo("image/png");
        assertThat(picture.name()).isEqualTo("cat.png");
        assertThat(paper.contentType()).isEqualTo("application/pdf");
    }

    @Test
    void a_file_keeps_its_name_for_those_who_hand_it_on() throws Exception {
        MediaFile file = stored("Ünal & 猫 (2).pdf", "application/pdf", "%PDF-1.7");

        assertThat(file.title()).contains("Ünal & 猫 (2).pdf");
        assertThat(file.name()).isEqualTo("Unal_2_.pdf");
        assertThat(opened(file))
                .isEqualTo(new Opening.Found(
                        file, folder.resolve("media").resolve(file.id().text())));
        MediaFiles.Bytes bytes = files.bytes(files.url(file));
        bytes.body().close();
        assertThat(bytes.name()).isEqualTo("Ünal & 猫 (2).pdf");
        assertThat(stored(null, "text/plain", "x").title()).isEmpty();
    }

    @Test
    void a_body_that_breaks_off_leaves_nothing() throws Exception {
        InputStream breaking = new SequenceInputStream(bytes("half of"), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the line broke");
            }
        });

        assertThatThrownBy(() -> files.store(ACME, breaking, null, "text/plain", null))
                .hasMessage("the line broke");

        assertThat(onDisk()).isEmpty();
    }

    @Test
    void what_no_message_names_goes_after_a_day() throws Exception {
        MediaFile unused = stored("unused", "text/plain", "1");
        MediaFile used = stored("used", "text/plain", "2");
        database.update(tx -> files.use(tx, used, echo));

        clock.advance(Duration.ofHours(25));
        files.start();

        assertEventually(() -> opened(unused), new Opening.Gone());
        assertThat(read(used)).isEqualTo("2");
    }

    @Test
    void what_a_message_named_goes_when_its_retention_ends() throws Exception {
        MediaFile early = stored("early", "text/plain", "1");
        MediaFile late = stored("late", "text/plain", "2");
        database.update(tx -> files.use(tx, early, echo));
        clock.advance(Duration.ofDays(1));
        database.update(tx -> files.use(tx, late, echo));

        clock.advance(RETENTION.minusMinutes(1));
        files.start();

        assertEventually(() -> opened(early), new Opening.Gone());
        assertThat(read(late)).isEqualTo("2");
    }

    @Test
    void without_a_retention_what_a_message_named_stays() throws Exception {
        MediaFile used = stored("used", "text/plain", "1");
        MediaFile unused = stored("unused", "text/plain", "2");
        database.update(tx -> files.use(tx, used, echo));
        clock.advance(Duration.ofDays(3_000));

        try (MediaFiles forever = files(Duration.ZERO)) {
            forever.start();
            assertEventually(() -> opened(unused), new Opening.Gone());
        }

        assertThat(read(used)).isEqualTo("1");
    }

    @Test
    void a_file_goes_with_the_last_message_that_names_it_once_that_is_committed() throws Exception {
        MediaFile once = stored("once", "text/plain", "1");
        MediaFile twice = stored("twice", "text/plain", "2");
        database.update(tx -> List.of(once, twice, twice).forEach(file -> files.use(tx, file, echo)));

        assertThatThrownBy(() -> database.update(tx -> {
                    files.release(tx, List.of(files.url(once)));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        assertThat(read(once)).isEqualTo("1");

        release(once);
        release(twice);
        assertThat(opened(once)).isEqualTo(new Opening.Gone());
        assertThat(read(twice)).isEqualTo("2");
    }

    @Test
    void with_an_identity_go_the_files_that_nobody_else_used() throws Exception {
        MediaFile own = stored("own", "text/plain", "1");
        MediaFile shared = stored("shared", "text/plain", "2");
        database.update(tx -> {
            files.use(tx, own, echo);
            files.use(tx, shared, echo);
            files.use(tx, shared, shout);
        });

        database.update(tx -> files.removeAll(tx, echo));

        assertThat(opened(own)).isEqualTo(new Opening.Gone());
        assertThat(read(shared)).isEqualTo("2");
        assertThat(onDisk()).containsExactly(shared.id().text());
    }

    @Test
    void of_an_erased_person_no_file_is_named_any_more_and_its_address_says_that_it_is_gone() throws Exception {
        MediaFile sent = stored("photo", "text/plain", "1");
        database.update(tx -> files.receive(tx, sent, echo, SAM));
        PersonalTable table = MediaFiles.personalTables().getFirst();
        assertThat(database.<List<Id>>read(reader -> MediaFiles.sentBy(reader, SAM)))
                .containsExactly(sent.id());

        assertThat(database.<Integer>write(tx -> table.erase(tx, SAM))).isEqualTo(1);

        assertThat(database.<Integer>read(reader -> table.count(reader, SAM))).isZero();
        assertThat(files.open(sent.token(), "")).isEqualTo(new Opening.Gone());
        files.start();
        assertThat(onDisk()).isEmpty();
    }

    @Test
    void a_file_that_was_lost_from_the_disk_is_gone_and_one_that_no_row_knows_is_swept_up() throws Exception {
        MediaFile lost = stored("lost", "text/plain", "1");
        Files.delete(folder.resolve("media").resolve(lost.id().text()));
        Files.writeString(folder.resolve("media").resolve(ids.next().text() + ".part"), "half of a file");

        assertThat(opened(lost)).isEqualTo(new Opening.Gone());
        assertThatThrownBy(() -> files.bytes(files.url(lost))).isInstanceOf(IOException.class);

        files.start();
        assertThat(onDisk()).isEmpty();
    }

    private MediaFile stored(@Nullable String name, String type, String content) throws IOException {
        return ((StoreOutcome.Stored) store(name, type, content)).file();
    }

    private StoreOutcome store(@Nullable String name, String type, String content) throws IOException {
        return store(new NewFile(ACME, name, type, bytes(content), 50));
    }

    private StoreOutcome store(NewFile file) throws IOException {
        return files.store(file);
    }

    private Opening opened(MediaFile file) {
        return files.open(file.token(), file.name());
    }

    private String read(MediaFile file) throws IOException {
        try (InputStream body = files.bytes(files.url(file)).body()) {
            return new String(body.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private Reference reference(Caller caller, String url) {
        return database.write(tx -> files.reference(tx, caller, url));
    }

    private void release(MediaFile file) {
        database.update(tx -> files.release(tx, List.of(files.url(file))));
    }

    private List<String> onDisk() {
        return Arrays.stream(folder.resolve("media").toFile().list()).sorted().toList();
    }

    private static ByteArrayInputStream bytes(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.ISO_8859_1));
    }
}
