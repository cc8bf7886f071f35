package partyline.app.operator;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import partyline.app.config.DataFolder;
import partyline.kernel.SqliteLibrary;
import partyline.kernel.StartupFailure;
import partyline.kernel.Upgrade;

/// What a start of this version would do to a data folder, told without doing it.
public final class UpgradeCheck {

    private static final double MEGA = 1_000_000;

    private UpgradeCheck() {}

    /// Prints it; returns whether the disk has the room.
    public static boolean run(Path folder, String version, PrintWriter out) {
        Path database = DataFolder.existing(folder).resolve(DataFolder.DATABASE);
        try (Scratch scratch = Scratch.temporary()) {
            SqliteLibrary.load(scratch.path().resolve("sqlite"));
        } catch (IOException e) {
            throw new StartupFailure("Cannot make a temporary folder (" + e + "): check the permissions of TMPDIR.", e);
        }
        Upgrade upgrade = Upgrade.of(database);
        long free = database.toFile().getUsableSpace();
        out.println("database      " + database + ", " + megabytes(upgrade.bytes()) + ", schema " + upgrade.from());
        out.println("this version  " + version + ", schema " + upgrade.to());
        if (upgrade.scripts().isEmpty()) {
            out.println("would run     nothing: the schema stays as it is");
        } else {
            out.println("would run     " + String.join(", ", upgrade.scripts()));
            out.println(
                    "would copy    the database before, to " + upgrade.copy().getFileName());
            out.println("room          " + megabytes(upgrade.room()) + " at most, of " + megabytes(free)
                    + " that the disk has left");
            out.println("would take    about " + upgrade.duration().toSeconds() + " s, at the start");
        }
        boolean fits = upgrade.room() <= free;
        out.println(fits ? "Nothing was changed." : "Nothing was changed. Make room on the disk before the upgrade.");
        return fits;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / MEGA);
    }
}
