package partyline.app.operator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import partyline.app.config.DataFolder;
import partyline.kernel.DatabaseCopy;
import partyline.kernel.OwnerOnly;
import partyline.kernel.StartupFailure;
import partyline.kernel.Throttle;
import partyline.media.MediaFiles;

/// Takes backups of a data folder: the database as it is at one moment, the server key, and every file that this
/// database names, each with its size and SHA-256. A server may be running there, in this process or another, and goes
/// on; what it has acknowledged before the backup begins is in it. Thread-safe.
///
/// A backup is its owner's alone. It is written under another name and moved into place when it is whole and on disk.
public final class Backup {

    private static final long MEGA = 1_000_000;
    private static final long SPARE = 100 * MEGA;

    private final Path data;
    private final String version;
    private final String configuration;
    private final InstantSource clock;
    private final Supplier<Throttle> throttles;

    /// `version` is that of this program, `configuration` the digest of what it was told; `throttles` make one for each
    /// backup, which spares a server that is at work.
    public Backup(Path data, String version, String configuration, InstantSource clock, Supplier<Throttle> throttles) {
        this.data = DataFolder.existing(data);
        this.version = version;
        this.configuration = configuration;
        this.clock = clock;
        this.throttles = throttles;
    }

    /// Takes one into a folder or, where the name ends in `.tar.gz` or `.tgz`, an archive, which is not there yet.
    /// Returns what the operator sees.
    ///
    /// @throws StartupFailure with the sentence that says why there is none.
    public String into(Path target) {
        Path path = target.toAbsolutePath().normalize();
        try {
            refuseTaken(path);
            Path above = Objects.requireNonNull(path.getParent());
            try (Scratch scratch = Scratch.in(above)) {
                refuseFull(above, database() + files());
                BackupManifest manifest = isArchive(path) ? archive(scratch, path) : folder(scratch, path);
                OwnerOnly.flush(above);
                return "backed up     " + path + "\n" + Summary.of(manifest);
            }
        } catch (IOException e) {
            throw failed(path.toString(), e);
        }
    }

    /// Writes one to `out` as a `.tar.gz`; the copy of the database lies in the folder for temporary files meanwhile.
    /// Returns what the operator sees.
    ///
    /// @throws StartupFailure with the sentence that says why there is none.
    public String into(OutputStream out) {
        try (Scratch scratch = Scratch.temporary()) {
            refuseFull(scratch.path(), database());
            return "backed up\n" + Summary.of(archive(scratch, out));
        } catch (IOException e) {
            throw failed("the pipe", e);
        }
    }

    private BackupManifest folder(Scratch scratch, Path target) throws IOException {
        Path draft = Files.createDirectory(scratch.path().resolve("backup"));
        OwnerOnly.folder(draft);
        Throttle throttle = throttles.get();
        BackupManifest manifest = take(draft, new BackupTarget.Folder(draft, throttle), throttle);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        return manifest;
    }

    private BackupManifest archive(Scratch scratch, Path target) throws IOException {
        Path draft = scratch.path().resolve("backup");
        Files.createFile(draft, OwnerOnly.file(draft));
        BackupManifest manifest;
        try (OutputStream out = Files.newOutputStream(draft)) {
            manifest = archive(scratch, out);
        }
        OwnerOnly.flush(draft);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        return manifest;
    }

    private BackupManifest archive(Scratch scratch, OutputStream out) throws IOException {
        try (Tar.Writer tar = new Tar.Writer(new GZIPOutputStream(out, 1 << 16), clock.instant())) {
            Throttle throttle = throttles.get();
            return take(scratch.path(), new BackupTarget.Archive(tar, throttle), throttle);
        }
    }

    private BackupManifest take(Path place, BackupTarget target, Throttle throttle) throws IOException {
        Instant now = clock.instant();
        Path copy = place.resolve(DataFolder.DATABASE);
        DatabaseCopy.take(data.resolve(DataFolder.DATABASE), copy);
        List<BackupManifest.Stored> files = new ArrayList<>();
        files.add(target.add(DataFolder.DATABASE, copy));
        files.add(target.add(DataFolder.SERVER_KEY, data.resolve(DataFolder.SERVER_KEY)));
        try (DatabaseCopy database = DatabaseCopy.open(copy)) {
            List<String> gone = new ArrayList<>();
            for (String name : new TreeSet<>(MediaFiles.expected(database.handle()))) {
                try {
                    files.add(target.add(
                            DataFolder.MEDIA + "/" + name,
                            DataFolder.media(data).resolve(name)));
                } catch (NoSuchFileException e) {
                    gone.add(name);
                }
            }
            BackupManifest manifest = new BackupManifest(
                    version,
                    database.schema(),
                    now,
                    configuration,
                    database.rows(throttle),
                    database.newestEvent(),
                    files,
                    gone);
            target.end(manifest.json());
            return manifest;
        }
    }

    private long database() {
        return data.resolve(DataFolder.DATABASE).toFile().length();
    }

    /// How many bytes the folder of files has.
    private long files() throws IOException {
        Path media = DataFolder.media(data);
        try (Stream<Path> files = Files.exists(media) ? Files.list(media) : Stream.empty()) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /// A backup must not fill the disk, which may be that of the server.
    private static void refuseFull(Path place, long bytes) throws IOException {
        long free = Files.getFileStore(place).getUsableSpace();
        if (free < bytes + SPARE) {
            throw new IOException("it takes %d MB, of which %d are to stay free, and the disk has %d"
                    .formatted((bytes + SPARE) / MEGA, SPARE / MEGA, free / MEGA));
        }
    }

    private static boolean isArchive(Path path) {
        String name = path.toString();
        return name.endsWith(".tar.gz") || name.endsWith(".tgz");
    }

    private static void refuseTaken(Path path) throws IOException {
        if (Files.isDirectory(path) && !isArchive(path)) {
            try (Stream<Path> files = Files.list(path)) {
                if (files.findAny().isEmpty()) {
                    return;
                }
            }
        }
        if (Files.exists(path)) {
            throw new FileAlreadyExistsException(path.toString(), null, "something is there already");
        }
    }

    private static StartupFailure failed(String target, IOException cause) {
        return new StartupFailure(
                "The backup to %s was not taken (%s): name a place that is not there yet, on a disk with room that the user %s may write to."
                        .formatted(target, cause.getMessage(), System.getProperty("user.name")),
                cause);
    }
}
