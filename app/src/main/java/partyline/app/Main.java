package partyline.app;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import partyline.app.config.Config;
import partyline.app.config.Environment;
import partyline.app.config.Typo;
import partyline.app.log.LogProvider;
import partyline.app.operator.LineCheck;
import partyline.app.operator.ServerCheck;
import partyline.app.operator.UpgradeCheck;
import partyline.kernel.StartupFailure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The commands of the jar.
@Command(
        name = "partyline",
        description = "AI agents in people's Messages app, from one jar.",
        subcommands = {
            Main.Serve.class,
            Cli.Organizations.class,
            Cli.AdminKeys.class,
            Cli.Agents.class,
            Cli.AgentKeys.class,
            Main.Check.class,
            Cli.Export.class,
            Cli.Erase.class,
            Cli.Trace.class,
            BackupCommands.Take.class,
            BackupCommands.Verify.class,
            BackupCommands.Bring.class,
            BackupCommands.Resume.class,
            Main.LookAhead.class,
            Main.Rehearse.class,
            Main.Version.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Runnable {

    private static final Set<String> DELETING = Set.of("erase", "revoke");

    @CommandLine.Mixin
    private final ServeOptions options = new ServeOptions();

    @Spec
    private @Nullable CommandSpec spec;

    private Main() {}

    /// Runs the command that `arguments` name; `serve` without one. Exits 0, 1 when it cannot start, 2 for wrong usage.
    public static void main(String[] arguments) {
        // SQLite holds a virtual thread's carrier while it waits for the disk; with more carriers the others go on.
        System.setProperty("jdk.virtualThreadScheduler.parallelism", "8");
        // Numbers are for programs as well as for people: their digits must not be those of the user's
        // language.
        Locale.setDefault(Locale.ROOT);
        int code = commands().execute(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    static CommandLine commands() {
        CommandLine commands = new CommandLine(new Main());
        tellVersion(commands);
        commands.setExecutionExceptionHandler((e, command, _) -> {
            if (!(e instanceof StartupFailure)) {
                throw e;
            }
            command.getErr().println(e.getMessage());
            return 1;
        });
        commands.setParameterExceptionHandler((e, _) -> misunderstood(e));
        return commands;
    }

    /// Every command is asked for the version, and there is one.
    private static void tellVersion(CommandLine command) {
        command.getCommandSpec().versionProvider(new Version());
        command.getSubcommands().values().forEach(Main::tellVersion);
    }

    /// The parser's own guess can be any command, even one that deletes, so ours is given: what is nearly the
    /// same word, and deletes nothing.
    private static int misunderstood(CommandLine.ParameterException e) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(e.getMessage());
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            Set<String> known = new HashSet<>(command.getSubcommands().keySet());
            known.removeAll(DELETING);
            known.addAll(command.getCommandSpec().optionsMap().keySet());
            Typo.nearest(unmatched.getUnmatched().getFirst(), known)
                    .ifPresent(nearest -> command.getErr().println("Did you mean " + nearest + "?"));
        }
        command.usage(command.getErr());
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    @Override
    public void run() {
        options.serve(out(spec));
    }

    /// `serve`: the server, until it is told to stop.
    @Command(name = "serve", description = "Run the server (the default).")
    static final class Serve implements Runnable {

        @CommandLine.Mixin
        private final ServeOptions options = new ServeOptions();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public void run() {
            options.serve(out(spec));
        }
    }

    /// `check`: whether a server could start and the configured lines could work; exits 1 when something
    /// could not.
    @Command(
            name = "check",
            description =
                    "Try out the configuration: ports, certificate, folders, URL, and the lines, without a server.")
    static final class Check implements Callable<Integer> {

        @CommandLine.Mixin
        private final Cli.Place place = new Cli.Place();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            Config config = Config.of(place.settings(Map.of()));
            int bad = ServerCheck.run(config, out(spec)) + LineCheck.run(config, out(spec));
            return bad == 0 ? 0 : 1;
        }
    }

    /// `upgrade --check`: what this version would do to a data folder; exits 1 when it would not start, or lacks room.
    @Command(
            name = "upgrade",
            description = "Tell what this version would do to a data folder; the start itself upgrades it.")
    static final class LookAhead implements Callable<Integer> {

        @CommandLine.Mixin
        private final Cli.Place place = new Cli.Place();

        @Option(names = "--check", required = true, description = "Only look; nothing is changed.")
        private boolean check;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            return UpgradeCheck.run(Config.dataFolder(place.settings(Map.of())), version(), out(spec)) ? 0 : 1;
        }
    }

    /// `rehearse`: what `config/partyline` runs once, for the cache that makes later starts fast.
    @Command(
            name = "rehearse",
            hidden = true,
            description = "Live through a short conversation in a folder that is thrown away, then end.")
    static final class Rehearse implements Runnable {

        @CommandLine.Mixin
        private final Cli.Help help = new Cli.Help();

        @Override
        public void run() {
            Rehearsal.run();
        }
    }

    /// `version`: one line.
    @Command(name = "version", description = "Print the version.")
    static final class Version implements Runnable, CommandLine.IVersionProvider {

        /// Taken, as by every command, and not needed.
        @CommandLine.Mixin
        private final Cli.Place place = new Cli.Place();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public void run() {
            out(spec).println(getVersion()[0]);
        }

        @Override
        public String[] getVersion() {
            return new String[] {"Partyline " + version()};
        }
    }

    /// The flags of `serve`.
    static final class ServeOptions {

        @CommandLine.Mixin
        private final Cli.Place place = new Cli.Place();

        @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen on; default 127.0.0.1.")
        private @Nullable String host;

        @Option(names = "--port", paramLabel = "PORT", description = "Port; default 8080, 0 takes a free one.")
        private @Nullable String port;

        @Option(names = "--demo", description = "Also run a small echo agent, @echo.")
        private boolean demo;

        private void serve(PrintWriter out) {
            Map<String, String> flags = new HashMap<>();
            put(flags, "http.host", host);
            put(flags, "http.port", port);
            Config settings = Config.of(place.settings(flags));
            LogProvider.use(settings.log().settings());
            Map<String, String> environment = Environment.read();
            Optional<String> adminKey = Optional.ofNullable(environment.get("PARTYLINE_ADMIN_KEY"));
            Wiring wiring = Wiring.start(settings, adminKey);
            if (demo) {
                wiring.startDemo();
            }
            Optional<ServiceManager> manager = ServiceManager.of(
                    environment, wiring.address(), settings.http().tls().isOn());
            new Shutdown(wiring, manager).install();
            manager.ifPresent(ServiceManager::ready);
            out.println(Banner.of(wiring, demo));
            out.flush();
            waitForEver();
        }

        private static void put(Map<String, String> flags, String key, @Nullable String value) {
            if (value != null) {
                flags.put(key, value);
            }
        }

        /// The hook ends the process.
        private static void waitForEver() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    static PrintWriter out(@Nullable CommandSpec spec) {
        return spec == null
                ? new PrintWriter(System.out, true)
                : spec.commandLine().getOut();
    }
}
