package partyline.app.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;
import partyline.app.config.DataFolder;
import partyline.kernel.OwnerOnly;
import partyline.kernel.SqliteLibrary;
import partyline.kernel.StartupFailure;
import partyline.kernel.Throttle;

/// Makes a data folder of a backup that is whole; what is there already it leaves alone.
///
/// The database comes last, so that no server takes half of it for a folder of its own. It has never been opened there,
/// so the first start looks it through, and goes on with event numbers that the history which was lost cannot have had.
public final class Restore {

    private final Path data;
    private final String configuration;
    private final InstantSource clock;

    /// Into `data`, which is new or empty; `configuration` is the digest of what this program was told.
    public Restore(Path data, String configuration, InstantSource clock) {
        this.data = data.toAbsolutePath().normalize();
        this.configuration = configuration;
        this.clock = clock;
    }

    /// Restores a folder or an archive, and returns what the operator sees. With `quarantine` a server that starts
    /// there sends nothing until that is ended.
    ///
    /// @throws StartupFailure with the sentence that says why nothing was restored.
    public String from(Path backup, boolean quarantine) {
        BackupCheck.refuseNone(backup);
        refuseTaken();
        try {
            boolean made = Files.notExists(data);
            OwnerOnly.folder(data);
            try (Scratch scratch = Scratch.in(data)) {
                BackupManifest manifest = bring(backup, scratch.path());
                if (quarantine) {
                    DataFolder.quarantine(data);
                }
                move(scratch.path());
                return "restored      " + data + "\n" + Summary.of(manifest) + warnings(manifest);
            } catch (IOException | RuntimeException e) {
                if (made) {
                    Scratch.delete(data);
                }
                throw e;
            }
        } catch (DamagedBackup e) {
            throw BackupCheck.notWhole(backup, e);
        } catch (IOException e) {
            throw new StartupFailure(
                    "Nothing was restored to %s (%s): make room on its disk, or choose another folder with --data."
                            .formatted(data, e.getMessage()),
                    e);
        }
    }

    private static BackupManifest bring(Path backup, Path folder) throws IOException {
        SqliteLibrary.load(DataFolder.sqlite(folder));
        BackupTarget.Folder target = new BackupTarget.Folder(folder, Throttle.none());
        if (Files.isRegularFile(backup)) {
            BackupCheck.unpack(backup, folder);
        } else {
            BackupManifest manifest = BackupManifest.read(backup);
            for (BackupManifest.Stored file : manifest.files()) {
                target.add(file.name(), backup.resolve(file.name()));
            }
            target.end(manifest.json());
        }
        return BackupCheck.check(folder);
    }

    private void move(Path scratch) throws IOException {
        Path media = DataFolder.media(scratch);
        if (Files.exists(media)) {
            OwnerOnly.flush(media);
            Files.move(media, DataFolder.media(data));
        }
        for (String name : new String[] {DataFolder.SERVER_KEY, DataFolder.DATABASE}) {
            OwnerOnly.flush(data);
            Files.move(scratch.resolve(name), data.resolve(name));
        }
        OwnerOnly.flush(data);
    }

    private void refuseTaken() {
        if (DataFolder.isHeld(data)) {
            throw new StartupFailure("A Partyline runs on the data folder " + data
                    + ": stop it and move the folder away, or choose another one with --data.");
        }
        try (Stream<Path> files = Files.exists(data) ? Files.list(data) : Stream.empty()) {
            if (files.findAny().isPresent()) {
                throw new StartupFailure("There is something in the folder " + data
                        + " already: move it away, or choose another one with --data.");
            }
        } catch (IOException e) {
            throw new StartupFailure(
                    "Cannot look into " + data + " (" + e + "): choose another folder with --data.", e);
        }
    }

    private String warnings(BackupManifest manifest) {
        String other = configuration.equals(manifest.configuration())
                ? ""
                : "\nThe configuration is another one than when the backup was taken.";
        return clock.instant().isBefore(manifest.takenAt())
                ? other
                        + "\nThe clock of this machine stands before the backup was taken: put it right before you start, or"
                        + " readers of events may not hear that they are of another history."
                : other;
    }
}
