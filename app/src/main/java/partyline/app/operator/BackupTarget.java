package partyline.app.operator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import partyline.kernel.OwnerOnly;
import partyline.kernel.Throttle;

/// Where the files of a backup go, one after the other.
sealed interface BackupTarget {

    /// Takes a file that does not change any more.
    ///
    /// @throws java.nio.file.NoSuchFileException when there is no `source`; nothing was begun then.
    BackupManifest.Stored add(String name, Path source) throws IOException;

    /// Takes the last file, which says what the others are.
    void end(String manifest) throws IOException;

    /// A folder, whose files last, a power cut included.
    record Folder(Path path, Throttle throttle) implements BackupTarget {

        /// One that lies in its place already stays there.
        @Override
        public BackupManifest.Stored add(String name, Path source) throws IOException {
            Path target = path.resolve(name);
            try (FileChannel in = FileChannel.open(source)) {
                if (target.equals(source)) {
                    in.force(true);
                    return stored(name, Channels.newInputStream(in), OutputStream.nullOutputStream(), throttle);
                }
                return write(name, Channels.newInputStream(in));
            }
        }

        @Override
        public void end(String manifest) throws IOException {
            write(BackupManifest.FILE, new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)));
            OwnerOnly.flush(path);
        }

        /// Takes all of `in` as a new file.
        BackupManifest.Stored write(String name, InputStream in) throws IOException {
            Path target = path.resolve(name);
            OwnerOnly.folder(Objects.requireNonNull(target.getParent()));
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (FileChannel out = FileChannel.open(target, options, OwnerOnly.file(target))) {
                BackupManifest.Stored stored = stored(name, in, Channels.newOutputStream(out), throttle);
                out.force(true);
                return stored;
            }
        }
    }

    /// An archive with one folder in it.
    record Archive(Tar.Writer tar, Throttle throttle) implements BackupTarget {

        private static final String FOLDER = "partyline-backup/";

        @Override
        public BackupManifest.Stored add(String name, Path source) throws IOException {
            try (InputStream in = Files.newInputStream(source)) {
                long size = Files.size(source);
                tar.begin(FOLDER + name, size);
                BackupManifest.Stored stored = stored(name, in, tar, throttle);
                if (stored.bytes() != size) {
                    throw new IOException(name + " changed while it was copied");
                }
                tar.end(size);
                return stored;
            }
        }

        @Override
        public void end(String manifest) throws IOException {
            byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
            tar.begin(FOLDER + BackupManifest.FILE, bytes.length);
            tar.write(bytes);
            tar.end(bytes.length);
        }
    }

    /// Brings all of `in` to `out`, and says what it was.
    static BackupManifest.Stored stored(String name, InputStream in, OutputStream out, Throttle throttle)
            throws IOException {
        try {
            DigestOutputStream digest = new DigestOutputStream(out, MessageDigest.getInstance("SHA-256"));
            byte[] buffer = new byte[1 << 16];
            long bytes = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.write(buffer, 0, read);
                bytes += read;
                throttle.rest();
            }
            return new BackupManifest.Stored(
                    name,
                    bytes,
                    HexFormat.of().formatHex(digest.getMessageDigest().digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
