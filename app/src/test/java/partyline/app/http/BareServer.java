package partyline.app.http;

import io.javalin.config.RoutesConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import partyline.app.Api;
import partyline.app.config.Config;
import partyline.app.config.Settings;
import partyline.identities.ApiKeys;
import partyline.identities.Identities;
import partyline.kernel.Database;
import partyline.kernel.Ids;

/// The HTTP server with a test's own routes behind it, for what no route of the program does at will.
public final class BareServer implements AutoCloseable {

    private final Database database;
    private final ApiKeys keys;
    private final HttpServer http;

    public BareServer(Path folder, Consumer<RoutesConfig> routes) {
        this(folder, Map.of(), routes);
    }

    /// With settings from the environment.
    public BareServer(Path folder, Map<String, String> environment, Consumer<RoutesConfig> routes) {
        InstantSource clock = InstantSource.system();
        Config.Http config = Config.of(Settings.read(Optional.empty(), environment, Map.of("http.port", "0")))
                .http();
        database = Database.open(folder.resolve("test.db"));
        keys = new ApiKeys(database, clock);
        Identities identities = new Identities(database, new Ids(clock), clock);
        Access access = new Access(keys, new FailedKeys(ProxySettings.of(config), clock), identities);
        http = new HttpServer(config, access, List.of(routes), () -> {});
        http.start();
    }

    /// Whoever has no key.
    public Api api() {
        return Api.undescribed("http://127.0.0.1:" + http.port());
    }

    @Override
    public void close() {
        http.close();
        keys.close();
        database.close();
    }
}
