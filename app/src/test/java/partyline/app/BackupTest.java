package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.app.Api.waitFor;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.app.operator.Backup;
import partyline.app.operator.BackupCheck;
import partyline.app.operator.Restore;
import partyline.kernel.StartupFailure;
import partyline.kernel.Throttle;
import picocli.CommandLine;

/// A backup of a running server is whole, and a server that is made of it goes on where that one was.
class BackupTest {

    /// More of them for a longer look: `-Dbackups=100`.
    private static final int BACKUPS = Integer.getInteger("backups", 4);

    private static final byte[] FILE = "some bytes".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension
    static final TestServer server =
            new TestServer("limits: {sends_per_24h: 0, alternations_per_minute: 0, router_replies_per_hour: 10000}");

    @TempDir
    Path folder;

    @Test
    void backups_taken_while_texts_come_as_fast_as_they_can_are_whole_and_have_all_that_was_acknowledged()
            throws Exception {
        Talk talk = Talk.begin(server);
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        AtomicBoolean enough = new AtomicBoolean();
        Thread busy = Thread.ofVirtual().start(() -> {
            while (!enough.get()) {
                talk.admin().text(talk.person(), talk.line(), "again");
                acknowledged.add(sent(talk));
            }
        });
        List<String> before = List.of();
        Path backup = folder;
        for (int at = 0; at < BACKUPS; at++) {
            int seen = acknowledged.size();
            waitFor(acknowledged::size, count -> count > seen);
            before = List.copyOf(acknowledged);
            backup = folder.resolve(at + (at % 2 == 0 ? "" : ".tar.gz"));

            take(backup);

            assertThat(BackupCheck.run(backup)).startsWith("whole");
        }
        enough.set(true);
        busy.join();

        try (TestServer other = restored(backup)) {
            Talk there = talk.with(other);
            assertThat(before)
                    .allSatisfy(
                            id -> assertThat(there.message(id).path("content").asString())
                                    .isEqualTo("and again"));
        }
    }

    @Test
    void a_restored_server_has_files_and_can_read_its_secrets() throws IOException {
        Talk talk = Talk.begin(server);
        String url = Upload.of(talk.agent(), "note.txt", "text/plain", FILE).url();
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            talk.agent()
                    .post("/api/v1/webhooks/subscriptions", """
                            {"agent_identity_id":"%s","url":"%s","event_types":["imessage.received"],"auth_token":"only-for-you"}
                            """.formatted(
                                    talk.identity().path("id").asString(), receiver.url()))
                    .expect(201);
            Path backup = folder.resolve("backup");
            take(backup);

            try (TestServer other = restored(backup)) {
                Talk there = talk.with(other);
                there.admin().text(talk.person(), talk.line(), "who hears this?");

                assertThat(receiver.await("imessage.received").authorization()).isEqualTo("Bearer only-for-you");
                String path = url.substring(talk.admin().base().length());
                assertThat(Upload.fetch(there.admin().base() + path).body()).isEqualTo(FILE);
            }
        }
    }

    @Test
    void a_backup_is_its_owners_alone_and_says_what_it_holds() throws IOException {
        Upload.of(server.admin(), "note.txt", "text/plain", FILE).url();
        Path backup = folder.resolve("backup");

        String told = take(backup);

        assertThat(told).contains("backed up     " + backup, "Partyline " + Main.version(), "messages");
        try (Stream<Path> files = Files.walk(backup)) {
            assertThat(files)
                    .hasSizeGreaterThan(4)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside).containsExactly(backup);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            partyline.db | flip   | partyline.db is not as it was when the backup was taken
            partyline.db | cut    | partyline.db has 5000 bytes instead of
            server.key   | delete | server.key is missing
            media        | delete | is missing
            backup.json  | delete | it has no backup.json
            backup.json  | cut    | its backup.json cannot be read
            """)
    void damage_is_found_and_told_with_what_to_do(String what, String done, String told) throws IOException {
        Upload.of(server.admin(), "note.txt", "text/plain", FILE).url();
        Path backup = folder.resolve("backup");
        take(backup);

        damage(backup.resolve(what), done);

        assertThatThrownBy(() -> BackupCheck.run(backup))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(told)
                .hasMessageContaining("choose another");
        Path target = folder.resolve("data");
        assertThatThrownBy(() -> new Restore(target, "", InstantSource.system()).from(backup, false))
                .isInstanceOf(StartupFailure.class);
        assertThat(target).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"cut", "flip"})
    void a_damaged_archive_is_found(String done) throws IOException {
        Path backup = folder.resolve("backup.tar.gz");
        take(backup);

        damage(backup, done);

        assertThatThrownBy(() -> BackupCheck.run(backup))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("is not whole")
                .hasMessageContaining("choose another");
    }

    @Test
    void an_archive_goes_through_a_pipe() throws IOException {
        ByteArrayOutputStream pipe = new ByteArrayOutputStream();
        backup().into(pipe);
        Path archive = folder.resolve("piped");
        Files.copy(new ByteArrayInputStream(pipe.toByteArray()), archive);

        assertThat(BackupCheck.run(archive)).startsWith("whole");
    }

    @Test
    void three_commands_do_it_and_tell_by_their_exit_code_how_it_went() throws IOException {
        Path backup = folder.resolve("backup");
        String data = server.folder().toString();

        assertThat(command(0, "backup", backup.toString(), "--data", data)).contains("backed up     " + backup);
        assertThat(command(0, "verify", backup.toString())).contains("whole         " + backup);
        Path target = folder.resolve("data");
        assertThat(command(0, "restore", backup.toString(), "--data", target.toString(), "--quarantine"))
                .contains("restored      " + target);
        assertThat(target.resolve("quarantine")).exists();
        damage(backup.resolve("server.key"), "delete");
        assertThat(command(1, "verify", backup.toString())).contains("server.key is missing");
        assertThat(command(1, "restore", backup.toString(), "--data", data)).contains("A Partyline runs on");
        assertThat(command(1, "verify", folder.resolve("none").toString())).contains("There is no ");
    }

    @Test
    void nothing_is_written_over() throws IOException {
        Path backup = folder.resolve("backup");
        take(backup);

        assertThatThrownBy(() -> take(backup))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("not there yet");
        assertThatThrownBy(() -> restore(server.folder(), backup)).hasMessageContaining("A Partyline runs on");
        assertThatThrownBy(() -> restore(folder, backup)).hasMessageContaining("There is something in the folder");
        assertThatThrownBy(() -> new Backup(folder, "", "", InstantSource.system(), Throttle::none))
                .hasMessageContaining("There is no Partyline in the folder");
    }

    @Test
    void a_folder_at_rest_is_left_as_it_was() throws IOException {
        try (TestServer other = new TestServer()) {
            other.open();
            other.stop();
            List<Path> left = list(other.folder());

            new Backup(other.folder(), "", "", InstantSource.system(), Throttle::none).into(folder.resolve("backup"));

            assertThat(list(other.folder())).isEqualTo(left);
        }
    }

    private static String command(int code, String... words) {
        StringWriter printed = new StringWriter();
        CommandLine commands = Main.commands();
        commands.setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(printed, true));
        assertThat(commands.execute(words)).as(printed.toString()).isEqualTo(code);
        return printed.toString();
    }

    private static String sent(Talk talk) {
        return talk.reply("and again")
                .expect(201)
                .json()
                .path("message")
                .path("id")
                .asString();
    }

    private static Backup backup() {
        return new Backup(server.folder(), Main.version(), "", InstantSource.system(), Throttle::none);
    }

    private static String take(Path target) {
        return backup().into(target);
    }

    private static String restore(Path data, Path backup) {
        return new Restore(data, "", InstantSource.system()).from(backup, false);
    }

    private TestServer restored(Path backup) {
        Path data = folder.resolve("restored");
        restore(data, backup);
        TestServer other = new TestServer();
        other.open(data, server);
        return other;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /// To a file, or to one in a folder.
    private static void damage(Path where, String done) throws IOException {
        Path file = Files.isDirectory(where) ? list(where).getFirst() : where;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            switch (done) {
                case "flip" -> flip(channel, channel.size() / 2);
                case "cut" -> channel.truncate(Math.min(5000, channel.size() / 2));
                default -> Files.delete(file);
            }
        }
    }

    private static void flip(FileChannel channel, long at) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, at);
        channel.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), at);
    }
}
