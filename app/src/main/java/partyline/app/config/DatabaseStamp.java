package partyline.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which file the database is (`number`, which a copy does not share), and how it was when its last
/// connection closed; a log of changes beside it says that none closed it.
record DatabaseStamp(long number, long bytes, long changedNanos, boolean closed) {

    static DatabaseStamp of(Path database) throws IOException {
        boolean unix = database.getFileSystem().supportedFileAttributeViews().contains("unix");
        return new DatabaseStamp(
                unix ? (long) Files.getAttribute(database, "unix:ino") : 0,
                Files.size(database),
                Files.getLastModifiedTime(database).to(java.util.concurrent.TimeUnit.NANOSECONDS),
                Files.notExists(database.resolveSibling(database.getFileName() + "-wal")));
    }

    String inUse() {
        return number + " in use";
    }

    /// What a later start finds true of a file that nobody touched since.
    String left() {
        return closed ? number + " left " + bytes + " " + changedNanos : inUse();
    }

    /// Whether the text was said of this very file.
    boolean isOf(String said) {
        return said.startsWith(number + " ");
    }
}
