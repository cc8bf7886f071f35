package partyline.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import partyline.app.config.Config;
import partyline.app.config.DataFolder;
import partyline.app.config.Settings;
import partyline.app.operator.Backup;
import partyline.app.operator.BackupCheck;
import partyline.app.operator.Operations;
import partyline.app.operator.Restore;
import partyline.kernel.SqliteLibrary;
import partyline.kernel.Throttle;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The commands about backups. All but `resume` need no running server and disturb none: each works in its own process.
final class BackupCommands {

    private BackupCommands() {}

    /// `backup FOLDER|FILE|-`.
    @Command(
            name = "backup",
            description = "Back up a data folder, whether a server runs there or not: database, server key and files.")
    static final class Take implements Runnable {

        @CommandLine.Mixin
        private final Cli.Place place = new Cli.Place();

        @Parameters(
                paramLabel = "TARGET",
                description = "A new folder, a new file whose name ends in .tar.gz, or - for a .tar.gz to a pipe.")
        private String target = "";

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public void run() {
            Settings settings = place.settings(Map.of());
            Path data = DataFolder.existing(Config.dataFolder(settings));
            SqliteLibrary.load(DataFolder.sqlite(data));
            Backup backup = new Backup(
                    data,
                    Main.version(),
                    settings.digest().sha256(),
                    Clock.systemUTC(),
                    DataFolder.isHeld(data) ? Throttle::twentieth : Throttle::none);
            if (target.equals("-")) {
                PrintWriter aside = spec == null
                        ? new PrintWriter(System.err, true)
                        : spec.commandLine().getErr();
                aside.println(backup.into(System.out));
            } else {
                Main.out(spec).println(backup.into(Path.of(target)));
            }
        }
    }

    /// `verify FOLDER|FILE`.
    @Command(
            name = "verify",
            description = "Look through a backup: every file, every row; exits 1 when it is not whole.")
    static final class Verify implements Runnable {

        @CommandLine.Mixin
        private final Cli.Help help = new Cli.Help();

        @Parameters(paramLabel = "BACKUP", description = "The folder, or the .tar.gz.")
        private Path backup = Path.of("");

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public void run() {
            Main.out(spec).println(BackupCheck.run(backup));
        }
    }

    /// `restore FOLDER|FILE`.
    @Command(
            name = "restore",
            description = "Make a new data folder of a backup. A server that starts there sends what was still owed.")
    static final class Bring implements Runnable {

        @CommandLine.Mixin
        private final Cli.Place place = new Cli.Place();

        @Parameters(paramLabel = "BACKUP", description = "The folder, or the .tar.gz.")
        private Path backup = Path.of("");

        @Option(
                names = "--quarantine",
                description = "A server that starts there sends and posts nothing until the command resume.")
        private boolean quarantine;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public void run() {
            Settings settings = place.settings(Map.of());
            Restore restore =
                    new Restore(Config.dataFolder(settings), settings.digest().sha256(), Clock.systemUTC());
            Main.out(spec).println(restore.from(backup, quarantine));
        }
    }

    /// `resume`.
    @Command(name = "resume", description = "End the quarantine of a restored server: what is owed goes out.")
    static final class Resume extends Cli.Ordered {

        @Override
        Operations.Outcome on(Operations operations) {
            return operations.resume();
        }
    }
}
