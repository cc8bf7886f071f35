package partyline.app.operator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import partyline.app.config.DataFolder;
import partyline.kernel.DatabaseCopy;
import partyline.kernel.SqliteLibrary;
import partyline.kernel.StartupFailure;
import partyline.kernel.Throttle;
import partyline.media.MediaFiles;

/// Whether a backup is whole: every file as it was when it was taken, the database sound and with all its rows, and no
/// file missing that it names.
public final class BackupCheck {

    private BackupCheck() {}

    /// Looks through the backup, a folder or an archive, and returns what the operator sees of a whole one.
    ///
    /// @throws StartupFailure with the sentence that says what is wrong and what to do.
    public static String run(Path backup) {
        refuseNone(backup);
        try (Scratch scratch = Scratch.temporary()) {
            SqliteLibrary.load(scratch.path().resolve("sqlite"));
            return "whole         " + backup + "\n" + Summary.of(check(backup, scratch));
        } catch (IOException e) {
            throw notWhole(backup, e);
        }
    }

    private static BackupManifest check(Path backup, Scratch scratch) throws IOException {
        if (Files.isRegularFile(backup)) {
            unpack(backup, scratch.path());
            return check(scratch.path());
        }
        return check(backup);
    }

    /// Looks through what lies in `folder`.
    ///
    /// @throws DamagedBackup when it is not whole.
    /// @throws StartupFailure when a newer program took it.
    static BackupManifest check(Path folder) throws IOException {
        BackupManifest manifest = BackupManifest.read(folder);
        if (manifest.schema() > DatabaseCopy.NEWEST_SCHEMA) {
            throw new StartupFailure("The backup " + folder + " was taken by Partyline " + manifest.version()
                    + " and has schema " + manifest.schema() + ", which is newer than this one knows ("
                    + DatabaseCopy.NEWEST_SCHEMA + "): use the jar of that version.");
        }
        Set<String> names = new HashSet<>();
        for (BackupManifest.Stored file : manifest.files()) {
            check(folder, file);
            names.add(file.name());
        }
        if (!names.contains(DataFolder.DATABASE) || !names.contains(DataFolder.SERVER_KEY)) {
            throw new DamagedBackup("its " + BackupManifest.FILE + " lists no database, or no key");
        }
        manifest.gone().forEach(name -> names.add(DataFolder.MEDIA + "/" + name));
        checkDatabase(folder.resolve(DataFolder.DATABASE), manifest, names);
        return manifest;
    }

    private static void check(Path folder, BackupManifest.Stored file) throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve(file.name()))) {
            BackupManifest.Stored found =
                    BackupTarget.stored(file.name(), in, OutputStream.nullOutputStream(), Throttle.none());
            if (found.bytes() != file.bytes()) {
                throw new DamagedBackup(
                        "%s has %d bytes instead of %d".formatted(file.name(), found.bytes(), file.bytes()));
            }
            if (!found.equals(file)) {
                throw new DamagedBackup(file.name() + " is not as it was when the backup was taken");
            }
        } catch (NoSuchFileException e) {
            throw new DamagedBackup(file.name() + " is missing");
        }
    }

    private static void checkDatabase(Path file, BackupManifest manifest, Set<String> names) throws IOException {
        try (DatabaseCopy database = open(file)) {
            Optional<String> damage = database.damage();
            if (damage.isPresent()) {
                throw damaged(damage.get());
            }
            if (database.schema() != manifest.schema() || !database.rows().equals(manifest.rows())) {
                throw new DamagedBackup("its database has other rows than when it was taken");
            }
            if (!database.newestEvent().equals(manifest.newestEvent())) {
                throw new DamagedBackup("its database lacks the newest event");
            }
            for (String name : MediaFiles.expected(database.handle())) {
                if (!names.contains(DataFolder.MEDIA + "/" + name)) {
                    throw new DamagedBackup("its database names the file " + name + ", which it does not have");
                }
            }
        }
    }

    private static DatabaseCopy open(Path file) throws DamagedBackup {
        try {
            return DatabaseCopy.open(file);
        } catch (IOException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private static DamagedBackup damaged(String what) {
        return new DamagedBackup("its database is damaged (" + what + ")");
    }

    /// Brings the files of an archive to `folder`, whatever folder they were packed in, and no others.
    static void unpack(Path archive, Path folder) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
            Tar.Reader tar = new Tar.Reader(in);
            BackupTarget.Folder target = new BackupTarget.Folder(folder, Throttle.none());
            for (Optional<String> path = tar.next(); path.isPresent(); path = tar.next()) {
                String name = name(Path.of(path.get()));
                if (BackupManifest.isListed(name) || name.equals(BackupManifest.FILE)) {
                    target.write(name, tar.body());
                }
            }
        } catch (IllegalArgumentException e) {
            throw new DamagedBackup("it has a file with a strange name");
        }
    }

    private static String name(Path path) {
        Path above = path.getParent();
        boolean media = above != null && above.endsWith(DataFolder.MEDIA);
        return (media ? DataFolder.MEDIA + "/" : "") + path.getFileName();
    }

    static void refuseNone(Path backup) {
        if (Files.notExists(backup)) {
            throw new StartupFailure("There is no " + backup + ": name the folder of a backup, or its .tar.gz.");
        }
    }

    static StartupFailure notWhole(Path backup, IOException cause) {
        return new StartupFailure(
                "The backup " + backup + " is not whole: " + cause.getMessage()
                        + ". Take a new one; to restore, choose another, since this one may bring up false data.",
                cause);
    }
}
