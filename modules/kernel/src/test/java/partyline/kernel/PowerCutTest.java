package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a power cut leaves of the file and its log, opened again: all that was answered is there, and no unit by
/// halves.
///
/// A power cut leaves what was flushed, and of what was written since then any part. Flushes cannot be seen from
/// here. So the two files are copied after each unit, and what a cut in between could have left is put together in
/// the order that `strace -e trace=fsync,fdatasync,pwrite64` shows for this program:
///
/// 1. where the log begins anew, its head is written and flushed;
/// 2. the unit's frames are written and flushed: it is committed;
/// 3. where the log was long, pages are brought into the file, and that is flushed, before the log begins anew.
///
/// As SQLite does, this takes for granted that a write harms nothing beside it.
class PowerCutTest {

    private static final int PAGE = 4_096;
    private static final int LOG_HEAD = 32;
    private static final int FRAME = 24 + PAGE;
    private static final int UNITS = 12;
    /// In pages: so short that every few units are brought into the file, and the log begins anew.
    private static final WriteAheadLog.Lengths SHORT =
            new WriteAheadLog.Lengths(Integer.MAX_VALUE, 20, Integer.MAX_VALUE);

    @TempDir
    Path folder;

    private final Random random = new Random(15);
    private int checkpoints;
    private int beginnings;

    /// The bytes from `from` to `to` of a file that was written to.
    private record Piece(int from, int to) {}

    /// The file and its log, and what a reader found in them when nothing was being written.
    private record Disk(byte[] file, byte[] log, List<String> content) {}

    @Test
    void whatever_a_power_cut_leaves_has_all_that_was_answered_and_no_unit_by_halves() {
        Disk last;
        try (Database database = Database.open(path("live"), Database.History.LEFT_WELL, SHORT)) {
            database.update(tx -> tx.handle().execute("CREATE TABLE part (unit INTEGER, no INTEGER, text TEXT)"));
            database.update(tx -> tx.handle().execute("CREATE INDEX part_text ON part (text)"));
            // Large units write to the log before they are committed, as they would beyond 16 MB.
            database.update(tx -> tx.handle().execute("PRAGMA cache_size = 5"));
            last = disk(database);
            for (int unit = 0; unit < UNITS; unit++) {
                write(database, unit);
                Disk next = disk(database);
                cutWhileTheLogIsWritten(last, next);
                cutWhileTheFileIsWritten(last.file(), next);
                last = next;
            }
        }
        cutWhileTheFileIsWritten(last.file(), new Disk(read(path("live")), last.log(), last.content()));

        assertThat(checkpoints).isGreaterThan(2);
        assertThat(beginnings).isGreaterThan(1);
    }

    /// Adds up to three parts of up to two pages each, and takes away an older unit; every fourth one fails at its end.
    private void write(Database database, int unit) {
        int parts = 1 + random.nextInt(3);
        List<String> texts =
                random.ints(parts, 1, 2 * PAGE).mapToObj("%05d"::formatted).toList();
        if (unit % 4 == 3) {
            assertThatThrownBy(() -> database.update(tx -> {
                        write(tx, unit, texts);
                        throw new IllegalStateException("expected by this test");
                    }))
                    .hasMessage("expected by this test");
            // Whoever fails hears it before what is left of the group is committed.
            database.update(_ -> {});
        } else {
            database.update(tx -> write(tx, unit, texts));
        }
    }

    private static void write(Tx tx, int unit, List<String> texts) {
        tx.run("DELETE FROM part WHERE unit = ?", unit - 3);
        for (String text : texts) {
            tx.run(
                    "INSERT INTO part VALUES (?, ?, ?)",
                    unit,
                    texts.indexOf(text),
                    text.repeat(Integer.parseInt(text) / 5));
        }
    }

    private void cutWhileTheLogIsWritten(Disk before, Disk after) {
        Piece head = new Piece(0, LOG_HEAD);
        byte[] begun = before.log();
        if (!same(before.log(), after.log(), head)) {
            beginnings++;
            assertRecovered("a torn head", before.file(), mixed(begun, after.log(), List.of(torn(head))), before);
            begun = mixed(begun, after.log(), List.of(head));
        }
        List<Piece> frames = changed(begun, after.log(), LOG_HEAD, FRAME);
        for (List<Piece> written : parts(frames)) {
            Disk expected = written.equals(frames) ? after : before;
            assertRecovered(written, before.file(), mixed(begun, after.log(), written), expected);
        }
    }

    private void cutWhileTheFileIsWritten(byte[] before, Disk after) {
        List<Piece> pages = changed(before, after.file(), 0, PAGE);
        if (!pages.isEmpty()) {
            checkpoints++;
            for (List<Piece> written : parts(pages)) {
                assertRecovered(written, mixed(before, after.file(), written), after.log(), after);
            }
        }
    }

    /// What of `pieces` may have reached the disk: the first ones, and perhaps a part of the next; all but
    /// one; any.
    private List<List<Piece>> parts(List<Piece> pieces) {
        List<List<Piece>> parts = new ArrayList<>();
        for (int count = 0; count < pieces.size(); count += 1 + random.nextInt(2)) {
            List<Piece> first = new ArrayList<>(pieces.subList(0, count));
            if (random.nextBoolean()) {
                first.add(torn(pieces.get(count)));
            }
            parts.add(first);
        }
        parts.add(pieces);
        if (!pieces.isEmpty()) {
            Piece lost = pieces.get(random.nextInt(pieces.size()));
            parts.add(those(pieces, piece -> !piece.equals(lost)));
            parts.add(those(pieces, _ -> random.nextBoolean()));
        }
        return parts;
    }

    private static List<Piece> those(List<Piece> pieces, Predicate<Piece> wish) {
        return pieces.stream().filter(wish).toList();
    }

    private Piece torn(Piece piece) {
        return new Piece(piece.from(), piece.from() + 1 + random.nextInt(piece.to() - piece.from() - 1));
    }

    private void assertRecovered(Object written, byte[] file, byte[] log, Disk expected) {
        write(path("cut"), file);
        write(logOf(path("cut")), log);
        try (Database database = Database.open(path("cut"))) {
            assertThat(content(database)).as("with %s written", written).isEqualTo(expected.content());
            assertThat(database.read(Integrity::damage))
                    .as("with %s written", written)
                    .isEmpty();
        }
    }

    private Disk disk(Database database) {
        List<String> content = content(database);
        return new Disk(read(path("live")), read(logOf(path("live"))), content);
    }

    private static List<String> content(Database database) {
        return database.read(handle -> Rows.list(
                handle,
                "SELECT unit, no, text FROM part ORDER BY unit, no",
                row -> row.getInt(1) + "." + row.getInt(2) + " "
                        + row.getString(3).hashCode()));
    }

    /// The pieces of `size` bytes, from the `first` byte on, that differ.
    private static List<Piece> changed(byte[] before, byte[] after, int first, int size) {
        assertThat(after.length).as("nothing shrinks").isGreaterThanOrEqualTo(before.length);
        List<Piece> changed = new ArrayList<>();
        for (int from = first; from < after.length; from += size) {
            Piece piece = new Piece(from, from + size);
            if (!same(before, after, piece)) {
                changed.add(piece);
            }
        }
        return changed;
    }

    private static boolean same(byte[] before, byte[] after, Piece piece) {
        return piece.to() <= before.length
                && Arrays.equals(before, piece.from(), piece.to(), after, piece.from(), piece.to());
    }

    /// `before` with these pieces of `after`; what was never written in between is zero.
    private static byte[] mixed(byte[] before, byte[] after, List<Piece> written) {
        int length = written.stream().mapToInt(Piece::to).reduce(before.length, Math::max);
        byte[] mixed = Arrays.copyOf(before, length);
        written.forEach(piece -> System.arraycopy(after, piece.from(), mixed, piece.from(), piece.to() - piece.from()));
        return mixed;
    }

    private Path path(String name) {
        return folder.resolve(name + ".db");
    }

    private static Path logOf(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
