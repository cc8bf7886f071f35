package partyline.app;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.app.config.Config;
import partyline.app.config.Environment;
import partyline.app.config.Settings;
import partyline.app.operator.Operations;
import partyline.app.operator.Operations.Outcome;
import partyline.app.operator.OperationsClient;
import partyline.app.operator.PersonalFiles;
import partyline.kernel.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// The operator's commands: organizations, their admin keys, agents with their keys, and what is kept about a person;
/// on a running server as well as on a folder at rest.
final class Cli {

    private static final Logger LOG = LoggerFactory.getLogger(Cli.class);

    private Cli() {}

    /// What every command understands.
    static final class Help {

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        private boolean asked;

        @Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "Print the version.")
        private boolean version;
    }

    /// What every command takes: where the data is, and a question for help.
    static class Place {

        @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (YAML).")
        private @Nullable Path config;

        @Option(names = "--data", paramLabel = "FOLDER", description = "Data folder; default ./data.")
        private @Nullable String data;

        @CommandLine.Mixin
        private final Help help = new Help();

        Settings settings(Map<String, String> more) {
            Map<String, String> flags = new HashMap<>(more);
            if (data != null) {
                flags.put("data.folder", data);
            }
            return Settings.read(Optional.ofNullable(config), Environment.read(), flags);
        }
    }

    /// A command that is done where the data is.
    abstract static class Ordered implements Runnable {

        @CommandLine.Mixin
        private final Place place = new Place();

        @Spec
        private @Nullable CommandSpec spec;

        abstract Outcome on(Operations operations);

        /// Does what is left once the answer came from the data in `folder`.
        void done(Path folder, Settings settings) {}

        @Override
        public void run() {
            Settings settings = place.settings(Map.of());
            Path folder = Config.dataFolder(settings);
            ParseResult asked =
                    Objects.requireNonNull(spec).root().commandLine().getParseResult();
            new OperationsClient(folder)
                    .run(asked.expandedArgs(), taken -> Wiring.atRest(taken, settings, this::on), System.out);
            System.out.println();
            done(folder, settings);
        }
    }

    /// Does in a running server what the words of a command line ask for.
    static Outcome run(List<String> words, Operations operations) {
        try {
            ParseResult asked = Main.commands().setExpandAtFiles(false).parseArgs(words.toArray(String[]::new));
            while (asked.hasSubcommand()) {
                asked = asked.subcommand();
            }
            if (asked.commandSpec().userObject() instanceof Ordered command) {
                Outcome outcome = command.on(operations);
                if (outcome instanceof Outcome.Done) {
                    LOG.info(
                            "event=order_done command=\"{}\"",
                            asked.commandSpec().qualifiedName());
                }
                return outcome;
            }
        } catch (CommandLine.ParameterException e) {
            LOG.debug("event=order_unknown", e);
        }
        return new Outcome.Refused("The running server has no such command: use the jar of the version that runs.");
    }

    /// `org`.
    @Command(
            name = "org",
            description = "Organizations, the tenants of this server.",
            subcommands = {CreateOrganization.class, ListOrganizations.class, CommandLine.HelpCommand.class},
            synopsisSubcommandLabel = "(create | list)")
    static final class Organizations {

        @CommandLine.Mixin
        private final Help help = new Help();
    }

    /// `org create NAME`.
    @Command(name = "create", description = "Create an organization; prints its id and its first admin key, once.")
    static final class CreateOrganization extends Ordered {

        @Parameters(paramLabel = "NAME", description = "What people call it.")
        private String name = "";

        @Override
        Outcome on(Operations operations) {
            return operations.createOrganization(name);
        }
    }

    /// `org list`.
    @Command(name = "list", description = "List the organizations, oldest first.")
    static final class ListOrganizations extends Ordered {

        @Override
        Outcome on(Operations operations) {
            return operations.organizations();
        }
    }

    /// `admin-key`.
    @Command(
            name = "admin-key",
            description = "Admin keys, which see a whole organization.",
            subcommands = {CreateKey.class, ListKeys.class, RevokeKey.class, CommandLine.HelpCommand.class},
            synopsisSubcommandLabel = "(create | list | revoke)")
    static final class AdminKeys {

        @CommandLine.Mixin
        private final Help help = new Help();
    }

    /// `admin-key create --org ID [--label TEXT]`.
    @Command(name = "create", description = "Make an admin key and print it, once.")
    static final class CreateKey extends Ordered {

        @Option(names = "--org", paramLabel = "ID", required = true, description = "The organization's id.")
        private String organization = "";

        @Option(names = "--label", paramLabel = "TEXT", description = "What the key is for.")
        private String label = "admin key";

        @Override
        Outcome on(Operations operations) {
            return operations.createKey(organization, label);
        }
    }

    /// `admin-key list`.
    @Command(name = "list", description = "List the admin keys of every organization, never their secrets.")
    static final class ListKeys extends Ordered {

        @Override
        Outcome on(Operations operations) {
            return operations.keys();
        }
    }

    /// `admin-key revoke KEYID`.
    @Command(name = "revoke", description = "Revoke an admin key; the very next request with it is refused.")
    static final class RevokeKey extends Ordered {

        @Parameters(paramLabel = "KEYID", description = "The key's id: the part before the dot.")
        private String key = "";

        @Override
        Outcome on(Operations operations) {
            return operations.revoke(key);
        }
    }

    /// `agent`.
    @Command(
            name = "agent",
            description = "Agents, whom people talk with.",
            subcommands = {CreateAgent.class, ListAgents.class, CommandLine.HelpCommand.class},
            synopsisSubcommandLabel = "(create | list)")
    static final class Agents {

        @CommandLine.Mixin
        private final Help help = new Help();
    }

    /// `agent create HANDLE [--name TEXT] [--org ID]`.
    @Command(name = "create", description = "Create an agent; prints its first key, once, and what to do next.")
    static final class CreateAgent extends Ordered {

        @Parameters(paramLabel = "HANDLE", description = "What people connect to, such as my-agent.")
        private String handle = "";

        @Option(names = "--name", paramLabel = "TEXT", description = "What people see; default the handle.")
        private @Nullable String name;

        @Option(names = "--org", paramLabel = "ID", description = "Whose it is; default the operator's organization.")
        private @Nullable String organization;

        @Override
        Outcome on(Operations operations) {
            return operations.createAgent(handle, Optional.ofNullable(name), Optional.ofNullable(organization));
        }
    }

    /// `agent list`.
    @Command(name = "list", description = "List the agents of every organization.")
    static final class ListAgents extends Ordered {

        @Override
        Outcome on(Operations operations) {
            return operations.agents();
        }
    }

    /// `key`.
    @Command(
            name = "key",
            description = "Keys of agents, each of which sees its agent alone.",
            subcommands = {CreateAgentKey.class, CommandLine.HelpCommand.class},
            synopsisSubcommandLabel = "(create)")
    static final class AgentKeys {

        @CommandLine.Mixin
        private final Help help = new Help();
    }

    /// `key create HANDLE [--label TEXT]`.
    @Command(name = "create", description = "Make a key for an agent; prints it, once, and what to do next.")
    static final class CreateAgentKey extends Ordered {

        @Parameters(paramLabel = "HANDLE", description = "The agent's handle.")
        private String handle = "";

        @Option(names = "--label", paramLabel = "TEXT", description = "What the key is for.")
        private String label = "agent key";

        @Override
        Outcome on(Operations operations) {
            return operations.createAgentKey(handle, label);
        }
    }

    /// `export --number NUMBER [--media FOLDER]`.
    @Command(name = "export", description = "Print everything that is kept about a person, as JSON.")
    static final class Export extends Ordered {

        @Option(
                names = "--media",
                paramLabel = "FOLDER",
                description = "Also copy the files that they sent into this folder, as id-name.")
        private @Nullable Path media;

        @Option(names = "--files", hidden = true, description = "Print the ids and names of those files instead.")
        private boolean files;

        @Option(
                names = "--number",
                paramLabel = "NUMBER",
                required = true,
                description = "Theirs, such as +12025550140.")
        private String number = "";

        @Override
        Outcome on(Operations operations) {
            return files ? operations.files(number) : operations.export(number);
        }

        @Override
        void done(Path folder, Settings settings) {
            if (media != null) {
                ByteArrayOutputStream list = new ByteArrayOutputStream();
                new OperationsClient(folder)
                        .run(
                                List.of("export", "--number", number, "--files"),
                                taken -> Wiring.atRest(taken, settings, operations -> operations.files(number)),
                                list);
                PersonalFiles.copy(folder, Json.read(list.toString(StandardCharsets.UTF_8)), media);
            }
        }
    }

    /// `erase --number NUMBER [--dry-run]`.
    @Command(name = "erase", description = "Forget a person for good; only that they said STOP stays known, as a hash.")
    static final class Erase extends Ordered {

        @Option(
                names = "--number",
                paramLabel = "NUMBER",
                required = true,
                description = "Theirs, such as +12025550140.")
        private String number = "";

        @Option(names = "--dry-run", description = "Only say what would go.")
        private boolean dryRun;

        @Override
        Outcome on(Operations operations) {
            return operations.erase(number, dryRun);
        }
    }

    /// `trace MESSAGE_ID`.
    @Command(
            name = "trace",
            description =
                    "Print a message's whole way with its times: accepted, handed over, receipts, events, webhooks.")
    static final class Trace extends Ordered {

        @Parameters(paramLabel = "MESSAGE_ID", description = "The message's id, as the API gives it.")
        private String message = "";

        @Override
        Outcome on(Operations operations) {
            return operations.trace(message);
        }
    }
}
