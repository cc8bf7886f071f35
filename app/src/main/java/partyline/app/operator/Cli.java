package partyline.app.operator;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.app.config.Config;
import partyline.app.config.Settings;
import partyline.kernel.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The operator's commands: organizations, their admin keys, and what is kept about a person; on a running server as
/// well as on a folder at rest.
public final class Cli {

    private Cli() {}

    /// What every command understands.
    static final class Help {

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        private boolean asked;
    }

    /// What every command takes: where the data is, and a question for help.
    public static class Place {

        @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (YAML).")
        private @Nullable Path config;

        @Option(names = "--data", paramLabel = "FOLDER", description = "Data folder; default ./data.")
        private @Nullable String data;

        @CommandLine.Mixin
        private final Help help = new Help();

        public Settings settings(Map<String, String> more) {
            Map<String, String> flags = new HashMap<>(more);
            if (data != null) {
                flags.put("data.folder", data);
            }
            return Settings.read(Optional.ofNullable(config), System.getenv(), flags);
        }
    }

    /// A command that is one order.
    abstract static class Ordering implements Runnable {

        @CommandLine.Mixin
        private final Place place = new Place();

        abstract OperatorCommand order();

        /// Does what is left once the answer came from the data in `folder`.
        void done(Path folder) {}

        @Override
        public void run() {
            Path folder = Config.dataFolder(place.settings(Map.of()));
            new OperationsClient(folder).run(order(), System.out);
            System.out.println();
            done(folder);
        }
    }

    /// `org`.
    @Command(
            name = "org",
            description = "Organizations, the tenants of this server.",
            subcommands = {CreateOrganization.class, ListOrganizations.class},
            synopsisSubcommandLabel = "(create | list)")
    public static final class Organizations {

        @CommandLine.Mixin
        private final Help help = new Help();
    }

    /// `org create NAME`.
    @Command(name = "create", description = "Create an organization; prints its id and its first admin key, once.")
    static final class CreateOrganization extends Ordering {

        @Parameters(paramLabel = "NAME", description = "What people call it.")
        private String name = "";

        @Override
        OperatorCommand order() {
            return new OperatorCommand(Operations.CREATE_ORGANIZATION, Map.of("name", name));
        }
    }

    /// `org list`.
    @Command(name = "list", description = "List the organizations, oldest first.")
    static final class ListOrganizations extends Ordering {

        @Override
        OperatorCommand order() {
            return new OperatorCommand(Operations.LIST_ORGANIZATIONS, Map.of());
        }
    }

    /// `admin-key`.
    @Command(
            name = "admin-key",
            description = "Admin keys, which see a whole organization.",
            subcommands = {CreateKey.class, ListKeys.class, RevokeKey.class},
            synopsisSubcommandLabel = "(create | list | revoke)")
    public static final class AdminKeys {

        @CommandLine.Mixin
        private final Help help = new Help();
    }

    /// `admin-key create --org ID [--label TEXT]`.
    @Command(name = "create", description = "Make an admin key and print it, once.")
    static final class CreateKey extends Ordering {

        @Option(names = "--org", paramLabel = "ID", required = true, description = "The organization's id.")
        private String organization = "";

        @Option(names = "--label", paramLabel = "TEXT", description = "What the key is for.")
        private String label = "admin key";

        @Override
        OperatorCommand order() {
            return new OperatorCommand(Operations.CREATE_KEY, Map.of("org", organization, "label", label));
        }
    }

    /// `admin-key list`.
    @Command(name = "list", description = "List the admin keys of every organization, never their secrets.")
    static final class ListKeys extends Ordering {

        @Override
        OperatorCommand order() {
            return new OperatorCommand(Operations.LIST_KEYS, Map.of());
        }
    }

    /// `admin-key revoke KEYID`.
    @Command(name = "revoke", description = "Revoke an admin key; the very next request with it is refused.")
    static final class RevokeKey extends Ordering {

        @Parameters(paramLabel = "KEYID", description = "The key's id: the part before the dot.")
        private String key = "";

        @Override
        OperatorCommand order() {
            return new OperatorCommand(Operations.REVOKE_KEY, Map.of("key", key));
        }
    }

    /// `export --number NUMBER [--media FOLDER]`.
    @Command(name = "export", description = "Print everything that is kept about a person, as JSON.")
    public static final class Export extends Ordering {

        @Option(
                names = "--media",
                paramLabel = "FOLDER",
                description = "Also copy the files that they sent into this folder, as id-name.")
        private @Nullable Path media;

        @Option(
                names = "--number",
                paramLabel = "NUMBER",
                required = true,
                description = "Theirs, such as +12025550140.")
        private String number = "";

        @Override
        OperatorCommand order() {
            return new OperatorCommand(Operations.EXPORT, Map.of("number", number));
        }

        @Override
        void done(Path folder) {
            if (media != null) {
                OperatorCommand files = new OperatorCommand(Operations.EXPORT_FILES, Map.of("number", number));
                PersonalFiles.copy(folder, Json.read(new OperationsClient(folder).run(files)), media);
            }
        }
    }

    /// `erase --number NUMBER [--dry-run]`.
    @Command(name = "erase", description = "Forget a person for good; only that they said STOP stays known, as a hash.")
    public static final class Erase extends Ordering {

        @Option(
                names = "--number",
                paramLabel = "NUMBER",
                required = true,
                description = "Theirs, such as +12025550140.")
        private String number = "";

        @Option(names = "--dry-run", description = "Only say what would go.")
        private boolean dryRun;

        @Override
        OperatorCommand order() {
            return new OperatorCommand(
                    Operations.ERASE,
                    dryRun ? Map.of("number", number, Operations.DRY_RUN, "true") : Map.of("number", number));
        }
    }
}
