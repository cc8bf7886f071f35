package partyline.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Id;
import partyline.kernel.OwnerOnly;
import partyline.kernel.StartupFailure;

/// The folder of the bytes: one file per id, under names that nobody outside chooses. Thread-safe.
final class MediaFolder {

    private static final Logger LOG = LoggerFactory.getLogger(MediaFolder.class);
    private static final int BUFFER = 16 * 1_024;
    private static final String UNFINISHED = ".part";

    private final Path folder;

    MediaFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StartupFailure(
                    "The user %s cannot write to the folder of files %s (%s): change its owner, or make room."
                            .formatted(System.getProperty("user.name"), folder, e),
                    e);
        }
    }

    /// Bytes that come in. Closing throws away what was not kept.
    final class Draft implements AutoCloseable {

        private final Path path;
        private final FileChannel channel;

        private Draft(Path path) throws IOException {
            this.path = path;
            this.channel = FileChannel.open(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }

        /// Takes bytes to the end of `body`, or until there are more than `largest`.
        void take(InputStream body, long largest) throws IOException {
            OutputStream out = out();
            byte[] buffer = new byte[BUFFER];
            int read = body.read(buffer);
            while (read >= 0 && channel.size() <= largest) {
                out.write(buffer, 0, read);
                read = body.read(buffer);
            }
        }

        OutputStream out() {
            return Channels.newOutputStream(channel);
        }

        long size() throws IOException {
            return channel.size();
        }

        byte[] head() throws IOException {
            try (InputStream in = Files.newInputStream(path)) {
                return in.readNBytes(ContentTypes.HEAD);
            }
        }

        /// Makes the bytes last, a power cut included, as the file of `id`.
        void keep(Id id) throws IOException {
            channel.force(true);
            Files.move(path, path(id), StandardCopyOption.ATOMIC_MOVE);
            OwnerOnly.flush(folder);
        }

        /// The bytes once more; they can be read to their end although the file is thrown away.
        InputStream hand() throws IOException {
            return Files.newInputStream(path);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(path);
        }
    }

    Draft draft(Id id) throws IOException {
        return new Draft(folder.resolve(id.text() + UNFINISHED));
    }

    Path path(Id id) {
        return folder.resolve(id.text());
    }

    /// Deletes files; one that cannot be deleted is an orphan, which the next start sweeps up.
    void delete(Collection<Id> ids) {
        for (Id id : ids) {
            try {
                Files.deleteIfExists(path(id));
            } catch (IOException e) {
                LOG.warn(
                        "event=media_not_deleted media={} fix=\"let the server delete in media; it goes at the next start\"",
                        id,
                        e);
            }
        }
    }

    /// Deletes everything but the files of `alive`: what a crash left half-written or without its row.
    void deleteOrphans(Set<String> alive) {
        int orphans = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (!alive.contains(file.getFileName().toString())) {
                    Files.delete(file);
                    orphans++;
                }
            }
        } catch (IOException e) {
            LOG.warn("event=media_orphans_left fix=\"let the server read and delete in media\"", e);
        }
        if (orphans > 0) {
            LOG.info("event=media_orphans_deleted files={}", orphans);
        }
    }
}
