package partyline.app.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Archives, as we write them and as `tar` does.
class TarTest {

    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 70_000})
    void what_was_written_is_read(int size) throws IOException {
        byte[] first = bytes(size);
        byte[] archive = archive(first, "second".getBytes(StandardCharsets.UTF_8));

        Tar.Reader reader = new Tar.Reader(new ByteArrayInputStream(archive));

        assertThat(archive.length % 512).isZero();
        assertThat(reader.next()).contains("one/1");
        assertThat(reader.body().readAllBytes()).isEqualTo(first);
        assertThat(reader.next()).contains("one/2");
        assertThat(reader.next()).isEmpty();
    }

    @Test
    void a_file_of_eight_gibibytes_and_more_says_how_long_it_is() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Tar.Writer(out, AT).begin("large", 10L << 30);
        Tar.Reader reader = new Tar.Reader(new ByteArrayInputStream(out.toByteArray()));

        assertThat(reader.next()).contains("large");
        assertThatThrownBy(() -> reader.body().readAllBytes()).hasMessageContaining("ends too early");
    }

    @Test
    void one_that_ends_early_or_is_something_else_is_refused() throws IOException {
        byte[] archive = archive(bytes(100));

        Tar.Reader cut = new Tar.Reader(new ByteArrayInputStream(Arrays.copyOf(archive, 1_024)));
        cut.next();
        assertThatThrownBy(cut::next).hasMessageContaining("ends too early");
        archive[3]++;
        assertThatThrownBy(new Tar.Reader(new ByteArrayInputStream(archive))::next)
                .hasMessageContaining("damaged");
    }

    @Test
    @Tag("needs-tools")
    void tar_reads_ours_and_we_read_its() throws Exception {
        Files.write(folder.resolve("ours.tar"), archive(bytes(70_000), bytes(10)));

        tar("xf", "ours.tar");
        tar("cf", "its.tar", "one");

        assertThat(Files.readAllBytes(folder.resolve("one/1"))).isEqualTo(bytes(70_000));
        Tar.Reader reader = new Tar.Reader(Files.newInputStream(folder.resolve("its.tar")));
        String name = reader.next().orElseThrow();
        assertThat(reader.body().readAllBytes()).isEqualTo(bytes(name.equals("one/1") ? 70_000 : 10));
        assertThat(reader.next()).isPresent();
        assertThat(reader.next()).isEmpty();
    }

    private void tar(String... words) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("tar");
        builder.command().addAll(Arrays.asList(words));
        assertThat(builder.directory(folder.toFile()).inheritIO().start().waitFor())
                .isZero();
    }

    private static byte[] archive(byte[]... files) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Tar.Writer tar = new Tar.Writer(out, AT)) {
            int number = 0;
            for (byte[] file : files) {
                number++;
                tar.begin("one/" + number, file.length);
                tar.write(file);
                tar.end(file.length);
            }
        }
        return out.toByteArray();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }
}
