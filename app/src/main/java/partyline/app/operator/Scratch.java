package partyline.app.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A folder for the time that something takes, its owner's alone; it goes with all that is in it.
record Scratch(Path path) implements AutoCloseable {

    private static final String PREFIX = ".partyline-";

    /// In the folder for temporary files.
    static Scratch temporary() throws IOException {
        return new Scratch(Files.createTempDirectory(PREFIX));
    }

    /// On the disk of `folder`, which is made if need be.
    static Scratch in(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new Scratch(Files.createTempDirectory(folder, PREFIX));
    }

    /// Deletes what [#in] made in `folder` before `time` and left there when its program was killed.
    static void sweep(Path folder, Instant time) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            List<Path> left = found.filter(it -> it.getFileName().toString().startsWith(PREFIX))
                    .toList();
            for (Path path : left) {
                if (Files.getLastModifiedTime(path).toInstant().isBefore(time)) {
                    delete(path);
                }
            }
        }
    }

    static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// What was moved elsewhere is not here any more.
    @Override
    public void close() throws IOException {
        if (Files.exists(path)) {
            delete(path);
        }
    }
}
