package partyline.app.operator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import partyline.app.config.DataFolder;
import partyline.identities.ApiKeys;
import partyline.identities.Organizations;
import partyline.identities.ServerKey;
import partyline.kernel.Database;
import partyline.kernel.StartupFailure;

/// Brings an order to where the data is: to the server that runs on the folder, or, when none does, to the database
/// itself.
public final class OperationsClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// An erasure waits until nothing is on its way to the person.
    private static final Duration LONGEST_WORK = Duration.ofMinutes(5);

    private final Path folder;

    public OperationsClient(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /// What the operator sees of the order, where it is short.
    ///
    /// @throws StartupFailure with the sentence that says why it was not done.
    public String run(OperatorCommand order) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        run(order, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /// Writes what the operator sees of the order to `out`, in UTF-8, as it comes.
    ///
    /// @throws StartupFailure with the sentence that says why it was not done.
    public void run(OperatorCommand order, OutputStream out) {
        if (Files.notExists(folder.resolve(DataFolder.DATABASE))) {
            throw new StartupFailure("There is no Partyline in the folder " + folder
                    + ": start the server there once, or name its folder with --data.");
        }
        Optional<DataFolder> free = DataFolder.tryTake(folder);
        if (free.isEmpty()) {
            running(order, out);
            return;
        }
        try {
            switch (atRest(free.get(), order)) {
                case Operations.Outcome.Done(var text) -> out.write(text.getBytes(StandardCharsets.UTF_8));
                case Operations.Outcome.Document(var json) -> {
                    try (json) {
                        Channels.newInputStream(json).transferTo(out);
                    }
                }
                case Operations.Outcome.Refused(var sentence) -> throw new StartupFailure(sentence);
            }
        } catch (IOException e) {
            throw new StartupFailure("Cannot write the answer (" + e + ").", e);
        }
    }

    private static Operations.Outcome atRest(DataFolder taken, OperatorCommand order) {
        InstantSource clock = Clock.systemUTC();
        try (taken;
                Database database = Database.open(taken.database(), taken.history());
                ApiKeys keys = new ApiKeys(database, clock)) {
            ServerKey key = ServerKey.open(taken.serverKey(), false);
            PersonalData people = new PersonalData(database, clock, key, taken);
            return new Operations(database, new Organizations(database, clock), keys, people).run(order);
        } catch (IOException e) {
            throw new StartupFailure("Cannot release the data folder (" + e + ").", e);
        }
    }

    private void running(OperatorCommand order, OutputStream out) {
        try (HttpClient client = HttpClient.newBuilder()
                .proxy(HttpClient.Builder.NO_PROXY)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build()) {
            OperationsToken.Door door =
                    OperationsToken.in(folder).read().orElseThrow(() -> busy("it has left no way to it"));
            HttpRequest request = HttpRequest.newBuilder(URI.create(door.url() + OperationsServer.PATH))
                    .timeout(LONGEST_WORK)
                    .header(OperationsServer.TOKEN_HEADER, door.token())
                    .POST(BodyPublishers.ofString(order.json()))
                    .build();
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                switch (response.statusCode()) {
                    case 200 -> body.transferTo(out);
                    case 409 -> throw new StartupFailure(new String(body.readAllBytes(), StandardCharsets.UTF_8));
                    default -> throw busy("status " + response.statusCode());
                }
            }
        } catch (IOException e) {
            throw busy(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy("interrupted");
        }
    }

    private StartupFailure busy(String why) {
        return new StartupFailure(("The Partyline that uses the data folder %s takes no commands now (%s): it may be"
                        + " starting or stopping, so try again in a moment.")
                .formatted(folder, why));
    }
}
